#pragma once

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/held.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/workflow/detail/called_name.hpp"
#include "hourglass/workflow/detail/contexts.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

/// What the workflow sees of an activity that it cancels.
enum class ActivityCancellationType : std::uint8_t {
    TryCancel,                  ///< asks the activity to stop and goes on at once
    WaitCancellationCompleted,  ///< asks the activity to stop and waits for its end, whatever that
                                ///< is
    Abandon                     ///< goes on at once; the activity is not told
};

/// How an activity is called. One of start_to_close_timeout and schedule_to_close_timeout is
/// required.
///
/// `detail::Held<T>` members are set and read like a T; it is there for g++ 12's sake.
struct ActivityOptions {
    /// Of one attempt.
    std::optional<std::chrono::nanoseconds> start_to_close_timeout{};
    /// From the call to the end of the last attempt.
    std::optional<std::chrono::nanoseconds> schedule_to_close_timeout{};
    /// Of the wait in the task queue; a retry does not help then, so there is none.
    std::optional<std::chrono::nanoseconds> schedule_to_start_timeout{};
    /// Between two heartbeats.
    std::optional<std::chrono::nanoseconds> heartbeat_timeout{};
    /// Unset: the server's default, which retries for ever.
    detail::Held<std::optional<RetryPolicy>> retry_policy{};
    /// Empty: the workflow's own.
    detail::Held<std::string> task_queue{};
    /// Empty: a number.
    detail::Held<std::string> activity_id{};
    ActivityCancellationType cancellation_type = ActivityCancellationType::TryCancel;
    /// One line for people who look at the history.
    detail::Held<std::string> summary{};
    Priority priority{};
    /// Never start it on this worker without the way through the server.
    bool disable_eager = false;
};

namespace detail {

class ActivityOperation : public Operation {
public:
    ActivityOperation(Ref<Scope> scope, std::uint32_t sequence)
        : Operation{std::move(scope)}, sequence_{sequence} {}
    ~ActivityOperation() override;

    void cancel() override;
    void complete(Payload result) {
        result_ = std::move(result);
        settle();
    }
    /// Throws what it failed with.
    [[nodiscard]] const Payload& result() const {
        rethrow_error();
        return result_;
    }

    /// @param id  empty: its number.
    void known_as(CalledName type, const std::string& id);
    /// What it is known by.
    /// @param number  keeps the text of its number, if that is its id.
    virtual void tell(SerializationContext& context, NumberText& number) const;

private:
    std::uint32_t sequence_;
    bool cancel_requested_ = false;
    Payload result_;
    KeptName type_;
    std::unique_ptr<const std::string> id_;
};

/// @throws ConfigurationError if the options are not usable; OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Ref<ActivityOperation> schedule_activity(
    CalledName name, const ActivityOptions& options, Payloads arguments
);

template <class Parameters, class... A>
Payloads encode_as(const hourglass::detail::ContextSource& whose, A&&... arguments) {
    const hourglass::detail::ConversionScope scope{&whose};
    const Parameters converted{std::forward<A>(arguments)...};
    return std::apply([](const auto&... each) { return encode_arguments(each...); }, converted);
}

}  // namespace detail

/// An activity that was scheduled. Copies share it; it can be awaited any number of times, and
/// gives its result or throws its ActivityError each time.
template <class R>
class [[nodiscard(
    "the activity is lost if the workflow ends first, and only the log says whether it fails"
)]] ActivityHandle {
public:
    using WorkflowAwaitable = void;
    using Result = R;

    explicit ActivityHandle(detail::Ref<detail::ActivityOperation> activity) noexcept
        : activity_{std::move(activity)} {}

    [[nodiscard]] bool ready() const { return operation().ready(); }
    /// Asks it to stop, as its cancellation_type says. Does nothing when it has ended.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void cancel() const { operation().cancel(); }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const {
        detail::require_handle(activity_.get());
        return *activity_;
    }
    R result() const {
        return detail::from_payload_in<R>(detail::ActivityCalled{*activity_}, activity_->result());
    }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<ActivityHandle>{*this, frame};
    }

private:
    detail::Ref<detail::ActivityOperation> activity_;
};

/// Schedules an activity now; await the handle for its result.
///
/// `co_await execute_activity<&charge>({.start_to_close_timeout = 30s}, order)`. The arguments are
/// converted to the function's parameter types before they are encoded; a number whose value could
/// get lost, such as a double for an int, does not compile.
/// @throws ConfigurationError if the options are not usable, ConversionError if an argument cannot
/// be encoded;
///         OutsideWorkflowError, ReadOnlyError. From the await: ActivityError whose cause says what
///         went wrong, CancelledError if its scope was cancelled.
template <auto Activity, class... A>
ActivityHandle<hourglass::detail::ResultOf<Activity>> execute_activity(
    const ActivityOptions& options, A&&... arguments
) {
    using Parameters = hourglass::detail::ArgumentsOf<Activity>;
    static_assert(
        hourglass::detail::kArgumentsMatch<Parameters, A...>,
        "execute_activity: the arguments after the options do not fit the activity's parameters in "
        "number or type, or a number would lose its value"
    );
    using R = hourglass::detail::ResultOf<Activity>;
    constexpr detail::CalledName kType{hourglass::detail::kNameOfFunction<Activity>, true};
    const detail::ActivityToCall whose{kType, options.activity_id, false};
    return ActivityHandle<R>{detail::schedule_activity(
        kType, options, detail::encode_as<Parameters>(whose, std::forward<A>(arguments)...)
    )};
}

/// The same by name, for activities of other programs: `execute_activity<std::string>("charge",
/// options, order)`.
template <class R, class... A>
ActivityHandle<R> execute_activity(
    std::string_view name, const ActivityOptions& options, const A&... arguments
) {
    const detail::ActivityToCall whose{{name}, options.activity_id, false};
    return ActivityHandle<R>{
        detail::schedule_activity({name}, options, detail::encode_arguments_in(whose, arguments...))
    };
}

}  // namespace hourglass::workflow
