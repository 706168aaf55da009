#pragma once

// What a workflow asks for, its values encoded: what interceptors see and may change before it
// becomes a command.

#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/workflow/activity.hpp"
#include "hourglass/workflow/child.hpp"
#include "hourglass/workflow/continue_as_new.hpp"
#include "hourglass/workflow/local_activity.hpp"
#include "hourglass/workflow/nexus.hpp"
#include "hourglass/workflow/timer.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace hourglass::workflow {

struct ScheduleActivityCall {
    std::string type{};
    ActivityOptions options{};
    Payloads arguments{};
    Headers headers{};
};

struct ScheduleLocalActivityCall {
    std::string type{};
    LocalActivityOptions options{};
    Payloads arguments{};
    Headers headers{};
};

struct StartChildCall {
    std::string type{};
    /// An empty id becomes a UUID afterwards.
    ChildWorkflowOptions options{};
    Payloads arguments{};
    Headers headers{};
};

/// A signal to a child or to another workflow.
struct SendSignalCall {
    /// Whom it goes to; not to be changed.
    const std::string workflow_id;
    /// Empty for a child, and for whichever run is the newest.
    const std::string run_id;
    const bool to_child;
    std::string name{};
    Payloads arguments{};
    Headers headers{};
};

/// A request to cancel another workflow. A child is cancelled by its handle, which is none of
/// these.
struct RequestCancelCall {
    /// Whom it goes to; not to be changed.
    const std::string workflow_id;
    /// Empty for whichever run is the newest.
    const std::string run_id;
    std::string reason{};
};

/// Its headers are texts, in the options.
struct StartNexusOperationCall {
    std::string endpoint{};
    std::string service{};
    std::string operation{};
    NexusOperationOptions options{};
    Payload input{};
};

struct ContinueAsNewCall {
    std::string type{};
    ContinueAsNewOptions options{};
    Payloads arguments{};
    /// Of the next run: this one's are not handed on.
    Headers headers{};
};

struct UpsertSearchAttributesCall {
    std::vector<SearchAttributeUpdate> updates{};
};

struct UpsertMemoCall {
    /// A null removes the value.
    std::map<std::string, Payload> changes{};
};

struct StartTimerCall {
    std::chrono::nanoseconds duration{};
    TimerOptions options{};
};

}  // namespace hourglass::workflow
