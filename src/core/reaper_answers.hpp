#pragma once

#include <string>

namespace hourglass::core {

/// Serialized completions for tasks that nobody will work on.

/// The type of the failure of a task whose worker has ended.
inline constexpr const char* kWorkerGone = "WorkerGone";

/// Fails the workflow task of a run; the server hands it out again.
[[nodiscard]] std::string failed_activation(
    const std::string& run_id, const std::string& reason, const char* type = kWorkerGone
);
/// Says that an eviction is done.
[[nodiscard]] std::string empty_completion(const std::string& run_id);
/// Lets Core forget an activity attempt, whose result goes to the server by its token.
[[nodiscard]] std::string activity_completed_elsewhere(const std::string& task_token);
/// Fails an activity attempt; the server tries again as its retry policy says.
[[nodiscard]] std::string failed_activity(
    const std::string& task_token, const std::string& reason, const char* type = kWorkerGone
);
/// Fails a request for a Nexus operation, with an error of a type of Nexus's.
[[nodiscard]] std::string failed_nexus(
    const std::string& task_token, const std::string& reason, const char* type
);
/// Lets the caller of a Nexus operation try again.
[[nodiscard]] std::string unavailable_nexus(
    const std::string& task_token, const std::string& reason
);

}  // namespace hourglass::core
