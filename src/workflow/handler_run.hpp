#pragma once

#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/workflow/definition.hpp"
#include "hourglass/workflow/detail/task_state.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::workflow {

/// A handler that is under way; the id is an update's.
struct HandlerRun {
    std::string name;
    std::string update_id;
    UnfinishedPolicy unfinished = UnfinishedPolicy::WarnAndAbandon;
    const detail::TaskStateBase* routine = nullptr;
};

/// A signal on its way to its handler; the event is the one that it came with.
struct WaitingMessage {
    std::string name;
    Payloads arguments;
    Headers headers;
    std::int64_t event = 0;
};

/// Code that must not change anything; the name is the handler's, if it has one.
struct ReadOnlyPlace {
    const char* kind = nullptr;
    std::string_view name{};
};

}  // namespace hourglass::workflow
