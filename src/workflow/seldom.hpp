#pragma once

#include "hourglass/workflow/child.hpp"
#include "hourglass/workflow/nexus.hpp"
#include "hourglass/workflow/random.hpp"
#include "src/workflow/handler_run.hpp"
#include "src/workflow/local_activity.hpp"
#include "src/workflow/operations.hpp"

#include "temporal/sdk/core/workflow_commands/workflow_commands.pb.h"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace hourglass::workflow {

/// What Core's jobs name by its number.
template <class Operation>
using BySequence = std::unordered_map<std::uint32_t, detail::Ref<Operation>>;

/// What few of the runs that wait in memory have.
struct Seldom {
    /// Local activities between two attempts, by their timers.
    BySequence<detail::LocalActivityOperation> backoffs;
    BySequence<detail::ChildWorkflowOperation> children;
    BySequence<detail::NexusOperation> nexus_operations;
    BySequence<detail::SignalOperation> signals;
    BySequence<detail::CancelRequestOperation> cancel_requests;
    /// Signals to children that have not started yet, in the order in which they were sent.
    struct WaitingSignal {
        std::uint32_t child;
        detail::Ref<detail::SignalOperation> operation;
        coresdk::workflow_commands::SignalExternalWorkflowExecution command;
    };
    std::vector<WaitingSignal> waiting_signals;

    /// Those that nobody handles, in the order in which they came.
    std::vector<WaitingMessage> unhandled_signals;
    std::map<std::string, Random, std::less<>> random_streams;
    std::set<std::string> patches_in_history;
    std::map<std::string, bool> patches;  ///< the answers that were given
    std::string current_details;
    std::string cancel_reason;
    std::string task_error_place;  ///< "run method", and the await after which it was thrown
    std::string task_error_stack;
    bool continues_as_new = false;  ///< continue_as_new() was called
};

}  // namespace hourglass::workflow
