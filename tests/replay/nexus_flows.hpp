#pragma once

// A workflow with a recorded execution, as in flows.hpp, that calls Nexus operations.

#include <hourglass/hourglass.hpp>

#include <string>

namespace recorded {
namespace hg = hourglass;

/// Operations that answer at once, later, with a failure; one that is cancelled, and one that takes
/// too long.
class CallsOperations {
public:
    hg::Task<std::string> run();
};

}  // namespace recorded
