#pragma once

// What a client asks the server for, its values encoded: what interceptors see and may change.

#include "hourglass/base/future.hpp"
#include "hourglass/client/calls_about_activities.hpp"
#include "hourglass/client/calls_about_schedules.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/payload.hpp"

#include <string>

namespace hourglass {

/// One execution of a workflow, or the newest one of an id.
struct WorkflowRef {
    std::string workflow_id = {};
    /// Empty: whichever run is the newest when the call arrives.
    std::string run_id = {};
    /// Where waiting for a result begins; empty: as `run_id`.
    std::string result_run_id = {};
    /// If set, cancel, terminate and update refuse executions of other chains.
    std::string first_execution_run_id = {};
};

/// One update of an execution.
struct WorkflowUpdateRef {
    WorkflowRef workflow = {};
    std::string id = {};
    /// Invalid unless the outcome was known when the update was sent.
    Future<Payloads> outcome = {};
};

/// A workflow that was started, or was there, and its update.
struct StartedWithUpdate {
    WorkflowRef workflow = {};
    WorkflowUpdateRef update = {};
};

struct StartWorkflowCall {
    std::string type = {};
    /// With the id.
    StartOptions options = {};
    Payloads arguments = {};
    Headers headers = {};
};

/// The start's headers are the signal's, too: the server takes one list for both.
struct SignalWithStartCall {
    StartWorkflowCall start = {};
    std::string signal = {};
    Payloads arguments = {};
};

struct UpdateWithStartCall {
    StartWorkflowCall start = {};
    std::string update = {};
    StartUpdateOptions options = {};
    Payloads arguments = {};
    /// Of the update; the start has its own.
    Headers headers = {};
};

struct SignalWorkflowCall {
    WorkflowRef workflow = {};
    std::string signal = {};
    Payloads arguments = {};
    Headers headers = {};
};

struct QueryWorkflowCall {
    WorkflowRef workflow = {};
    std::string query = {};
    QueryOptions options = {};
    Payloads arguments = {};
    Headers headers = {};
};

struct UpdateWorkflowCall {
    WorkflowRef workflow = {};
    std::string update = {};
    /// A call that waits for the outcome has the stage Completed.
    StartUpdateOptions options = {};
    Payloads arguments = {};
    Headers headers = {};
};

struct CancelWorkflowCall {
    WorkflowRef workflow = {};
    std::string reason = {};
};

struct TerminateWorkflowCall {
    WorkflowRef workflow = {};
    std::string reason = {};
    Payloads details = {};
};

struct DescribeWorkflowCall {
    WorkflowRef workflow = {};
};

}  // namespace hourglass
