#pragma once

// What a client asks the server for about results, lists and administration of workflows: what
// interceptors see and may change.

#include "hourglass/client/calls.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/client/workflow_admin.hpp"
#include "hourglass/client/workflow_description.hpp"
#include "hourglass/client/workflow_history.hpp"

#include <string>

namespace hourglass {

struct WorkflowResultCall {
    WorkflowRef workflow = {};
    ResultOptions options = {};
};

struct UpdateResultCall {
    WorkflowUpdateRef update = {};
    UpdateResultOptions options = {};
};

struct FetchWorkflowHistoryCall {
    WorkflowRef workflow = {};
};

struct PauseWorkflowCall {
    WorkflowRef workflow = {};
    std::string reason = {};
};

struct UnpauseWorkflowCall {
    WorkflowRef workflow = {};
    std::string reason = {};
};

struct ResetWorkflowCall {
    WorkflowRef workflow = {};
    ResetOptions options = {};
};

struct UpdateWorkflowOptionsCall {
    WorkflowRef workflow = {};
    ExecutionOptionsUpdate update = {};
};

struct DeleteWorkflowCall {
    WorkflowRef workflow = {};
};

/// One page.
struct ListWorkflowsCall {
    std::string query = {};
    int page_size = 0;
    /// Empty: the first page.
    std::string page_token = {};
};

struct CountWorkflowsCall {
    std::string query = {};
};

}  // namespace hourglass
