#pragma once

// Everything to write workflows with.

#include "hourglass/workflow/activity.hpp"
#include "hourglass/workflow/cancellation.hpp"
#include "hourglass/workflow/catalog.hpp"
#include "hourglass/workflow/child.hpp"
#include "hourglass/workflow/combine.hpp"
#include "hourglass/workflow/condition.hpp"
#include "hourglass/workflow/continue_as_new.hpp"
#include "hourglass/workflow/define.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/external.hpp"
#include "hourglass/workflow/info.hpp"
#include "hourglass/workflow/local_activity.hpp"
#include "hourglass/workflow/logger.hpp"
#include "hourglass/workflow/priority.hpp"
#include "hourglass/workflow/random.hpp"
#include "hourglass/workflow/request.hpp"
#include "hourglass/workflow/spawn.hpp"
#include "hourglass/workflow/task.hpp"
#include "hourglass/workflow/timer.hpp"
