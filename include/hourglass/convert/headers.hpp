#pragma once

#include "hourglass/convert/payload.hpp"

#include <map>
#include <string>

namespace hourglass {

/// What travels beside the arguments of a call, for whoever stands around the code that gets them:
/// who asked, a span of a trace. Interceptors write and read them.
///
/// The server hands them on and keeps them in the history. They are not handed on by themselves:
/// what a workflow starts has those that an interceptor gives it.
using Headers = std::map<std::string, Payload>;

}  // namespace hourglass
