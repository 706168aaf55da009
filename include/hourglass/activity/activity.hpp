#pragma once

// Everything an activity needs.

#include "hourglass/activity/catalog.hpp"
#include "hourglass/activity/context.hpp"
#include "hourglass/activity/definition.hpp"
#include "hourglass/activity/definitions.hpp"
#include "hourglass/activity/info.hpp"
#include "hourglass/activity/interceptor.hpp"
#include "hourglass/activity/isolation.hpp"
#include "hourglass/activity/logger.hpp"
#include "hourglass/activity/objects.hpp"
#include "hourglass/activity/task.hpp"
