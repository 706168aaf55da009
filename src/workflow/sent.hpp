#pragma once

#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"

#include <string>

namespace hourglass::workflow {

/// What goes along with a command to whoever it is for.
struct ArgumentsAndHeaders {
    Payloads arguments;
    Headers headers{};
};

/// A signal on its way to another workflow.
struct SentSignal {
    std::string name;
    ArgumentsAndHeaders with;
};

}  // namespace hourglass::workflow
