#pragma once

#include "temporal/api/enums/v1/event_type.pb.h"

namespace hourglass::testing {

/// Whether an event of this type is left by a command with which a workflow ends itself: after it
/// come no others of the run.
[[nodiscard]] inline bool is_of_closing_command(temporal::api::enums::v1::EventType type) {
    namespace enums = temporal::api::enums::v1;
    switch (type) {
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW:
            return true;
        default:
            return false;
    }
}

}  // namespace hourglass::testing
