#pragma once

// Everything a program needs that defines workflows and activities, runs workers and talks to them.

#include "hourglass/activity/activity.hpp"
#include "hourglass/base/error.hpp"
#include "hourglass/base/future.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/base/metric_meter.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/client/interceptor.hpp"
#include "hourglass/client/plugin.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/failure_converter.hpp"
#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/value_encoding.hpp"
#include "hourglass/nexus/nexus.hpp"
#include "hourglass/subsystem/application.hpp"
#include "hourglass/subsystem/plugin.hpp"
#include "hourglass/worker/errors.hpp"
#include "hourglass/worker/interceptor.hpp"
#include "hourglass/workflow/workflow.hpp"
