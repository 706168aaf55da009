#pragma once

// Everything of hourglass/supervision: processes, supervisors, a registry.
#include "hourglass/supervision/call_error.hpp"
#include "hourglass/supervision/child_spec.hpp"
#include "hourglass/supervision/dynamic_supervisor.hpp"
#include "hourglass/supervision/exit_reason.hpp"
#include "hourglass/supervision/observer.hpp"
#include "hourglass/supervision/pid.hpp"
#include "hourglass/supervision/process.hpp"
#include "hourglass/supervision/ref.hpp"
#include "hourglass/supervision/registry.hpp"
#include "hourglass/supervision/report.hpp"
#include "hourglass/supervision/supervisor.hpp"
#include "hourglass/supervision/system.hpp"
#include "hourglass/supervision/task_supervisor.hpp"
#include "hourglass/supervision/virtual_system.hpp"
