#include "src/worker/large_command.hpp"

namespace hourglass::worker {

std::optional<LargeCommand> large_command_in(
    const coresdk::workflow_completion::WorkflowActivationCompletion& answer, std::size_t limit
) {
    std::optional<LargeCommand> largest;
    for (const auto& command : answer.successful().commands()) {
        if (command.has_respond_to_query()) {
            continue;  // is not kept
        }
        const std::size_t bytes = command.ByteSizeLong();
        if (bytes <= limit || (largest && largest->bytes >= bytes)) {
            continue;
        }
        const auto* kind =
            command.GetDescriptor()->FindFieldByNumber(static_cast<int>(command.variant_case()));
        largest = {kind != nullptr ? kind->name() : std::string{"unknown"}, bytes};
    }
    return largest;
}

}  // namespace hourglass::worker
