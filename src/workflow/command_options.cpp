#include "src/workflow/command_options.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"

namespace hourglass::workflow {

void check_timeout(const std::string& call, const char* field, const OptionalDuration& timeout) {
    if (timeout && *timeout <= std::chrono::nanoseconds::zero()) {
        throw ConfigurationError{
            call + ": " + field + " is " + std::to_string(timeout->count()) +
            " ns but must be above 0; leave it unset for no limit"
        };
    }
}

coresdk::workflow_commands::ActivityCancellationType to_proto(ActivityCancellationType type) {
    switch (type) {
        case ActivityCancellationType::TryCancel:
            return coresdk::workflow_commands::TRY_CANCEL;
        case ActivityCancellationType::WaitCancellationCompleted:
            return coresdk::workflow_commands::WAIT_CANCELLATION_COMPLETED;
        case ActivityCancellationType::Abandon:
            return coresdk::workflow_commands::ABANDON;
    }
    return coresdk::workflow_commands::TRY_CANCEL;
}

void set_metadata(
    const std::string& summary,
    const std::string& details,
    coresdk::workflow_commands::WorkflowCommand& command
) {
    if (!summary.empty()) {
        convert::to_proto(to_payload(summary), command.mutable_user_metadata()->mutable_summary());
    }
    if (!details.empty()) {
        convert::to_proto(to_payload(details), command.mutable_user_metadata()->mutable_details());
    }
}

}  // namespace hourglass::workflow
