#pragma once

// Handling Nexus operations. Calling them is a matter of workflows: <hourglass/workflow/nexus.hpp>.

#include "hourglass/nexus/context.hpp"
#include "hourglass/nexus/errors.hpp"
#include "hourglass/nexus/interceptor.hpp"
#include "hourglass/nexus/operation.hpp"
#include "hourglass/nexus/services.hpp"
#include "hourglass/workflow/nexus_service.hpp"
