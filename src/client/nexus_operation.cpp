#include "hourglass/client/nexus_operation.hpp"

namespace hourglass {

std::string_view to_text(NexusOperationStatus status) {
    switch (status) {
        case NexusOperationStatus::Running:
            return "Running";
        case NexusOperationStatus::Completed:
            return "Completed";
        case NexusOperationStatus::Failed:
            return "Failed";
        case NexusOperationStatus::Canceled:
            return "Canceled";
        case NexusOperationStatus::Terminated:
            return "Terminated";
        case NexusOperationStatus::TimedOut:
            return "TimedOut";
        case NexusOperationStatus::Unspecified:
            break;
    }
    return "Unspecified";
}

std::string_view to_text(PendingNexusOperationState state) {
    switch (state) {
        case PendingNexusOperationState::Scheduled:
            return "Scheduled";
        case PendingNexusOperationState::BackingOff:
            return "BackingOff";
        case PendingNexusOperationState::Started:
            return "Started";
        case PendingNexusOperationState::Blocked:
            return "Blocked";
        case PendingNexusOperationState::Unspecified:
            break;
    }
    return "Unspecified";
}

std::string_view to_text(NexusCancellationState state) {
    switch (state) {
        case NexusCancellationState::Scheduled:
            return "Scheduled";
        case NexusCancellationState::BackingOff:
            return "BackingOff";
        case NexusCancellationState::Succeeded:
            return "Succeeded";
        case NexusCancellationState::Failed:
            return "Failed";
        case NexusCancellationState::TimedOut:
            return "TimedOut";
        case NexusCancellationState::Blocked:
            return "Blocked";
        case NexusCancellationState::Unspecified:
            break;
    }
    return "Unspecified";
}

}  // namespace hourglass
