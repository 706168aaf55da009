#pragma once

#include "hourglass/workflow/activity.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

/// How a local activity is called. One of start_to_close_timeout and schedule_to_close_timeout is
/// required.
struct LocalActivityOptions {
    /// Of one attempt.
    std::optional<std::chrono::nanoseconds> start_to_close_timeout{};
    /// From the call to the end of the last attempt.
    std::optional<std::chrono::nanoseconds> schedule_to_close_timeout{};
    /// Of the wait for a free place on this worker; a retry does not help then, so there is none.
    std::optional<std::chrono::nanoseconds> schedule_to_start_timeout{};
    /// Unset: it is tried again for ever, after 1 s, 2 s, 4 s and so on up to 100 s.
    detail::Held<std::optional<RetryPolicy>> retry_policy{};
    /// A wait for the next attempt that is longer than this is a timer of the workflow, so that no
    /// workflow task is kept open meanwhile. Unset: 1 minute.
    std::optional<std::chrono::nanoseconds> local_retry_threshold{};
    /// Empty: a number.
    detail::Held<std::string> activity_id{};
    ActivityCancellationType cancellation_type =
        ActivityCancellationType::WaitCancellationCompleted;
    /// One line for people who look at the history.
    detail::Held<std::string> summary{};
    /// Whether the history has the arguments too; else it has the result alone.
    bool include_arguments_in_marker = false;
};

namespace detail {

/// @throws ConfigurationError if the options are not usable; OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Ref<ActivityOperation> schedule_local_activity(
    CalledName name, const LocalActivityOptions& options, Payloads arguments
);

}  // namespace detail

/// Runs an activity now on this worker, as a part of the workflow task; await the handle for its
/// result.
///
/// For what takes less than a few seconds: it costs no way through the server, but it has no
/// heartbeats, and an attempt that is under way when the worker dies is made again. Otherwise as
/// execute_activity().
/// @throws ConfigurationError if the options are not usable, ConversionError if an argument cannot
/// be encoded; OutsideWorkflowError, ReadOnlyError. From the await: ActivityError whose cause says
/// what went wrong, CancelledError if its scope was cancelled.
template <auto Activity, class... A>
ActivityHandle<hourglass::detail::ResultOf<Activity>> execute_local_activity(
    const LocalActivityOptions& options, A&&... arguments
) {
    using Parameters = hourglass::detail::ArgumentsOf<Activity>;
    static_assert(
        hourglass::detail::kArgumentsMatch<Parameters, A...>,
        "execute_local_activity: the arguments after the options do not fit the activity's "
        "parameters in number or type, or a number would lose its value"
    );
    using R = hourglass::detail::ResultOf<Activity>;
    constexpr detail::CalledName kType{hourglass::detail::kNameOfFunction<Activity>, true};
    const detail::ActivityToCall whose{kType, options.activity_id, true};
    return ActivityHandle<R>{detail::schedule_local_activity(
        kType, options, detail::encode_as<Parameters>(whose, std::forward<A>(arguments)...)
    )};
}

/// The same by name: `execute_local_activity<std::string>("charge", options, order)`.
template <class R, class... A>
ActivityHandle<R> execute_local_activity(
    std::string_view name, const LocalActivityOptions& options, const A&... arguments
) {
    const detail::ActivityToCall whose{{name}, options.activity_id, true};
    return ActivityHandle<R>{detail::schedule_local_activity(
        {name}, options, detail::encode_arguments_in(whose, arguments...)
    )};
}

}  // namespace hourglass::workflow
