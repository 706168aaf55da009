#pragma once

// What comes to a workflow, its values encoded: what interceptors see and may change.

#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"

#include <string>

namespace hourglass::workflow {

/// The run method. Of which workflow, info() says. A class without a default constructor has got
/// the arguments as they came; what is changed here, the run method alone gets.
struct ExecuteWorkflowCall {
    Payloads arguments{};
    Headers headers{};
};

struct HandleSignalCall {
    std::string name{};
    Payloads arguments{};
    Headers headers{};
};

struct HandleQueryCall {
    std::string name{};
    Payloads arguments{};
    Headers headers{};
};

struct HandleUpdateCall {
    std::string id{};
    std::string name{};
    Payloads arguments{};
    Headers headers{};
};

}  // namespace hourglass::workflow
