#pragma once

#include "hourglass/client/pending_work.hpp"

#include "temporal/api/workflow/v1/message.pb.h"

namespace hourglass::client {

[[nodiscard]] PendingActivity to_pending(
    const temporal::api::workflow::v1::PendingActivityInfo& info
);
[[nodiscard]] PendingChild to_pending(
    const temporal::api::workflow::v1::PendingChildExecutionInfo& info
);
[[nodiscard]] PendingWorkflowTask to_pending(
    const temporal::api::workflow::v1::PendingWorkflowTaskInfo& info
);
[[nodiscard]] PendingNexusOperation to_pending(
    const temporal::api::workflow::v1::PendingNexusOperationInfo& info
);
[[nodiscard]] WorkflowCallback to_callback(const temporal::api::workflow::v1::CallbackInfo& info);

}  // namespace hourglass::client
