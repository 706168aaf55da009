#pragma once

#include "hourglass/base/held.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/base/parent_close_policy.hpp"
#include "hourglass/base/workflow_id_reuse.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/priority.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/typed_calls.hpp"
#include "hourglass/convert/versioning.hpp"
#include "hourglass/workflow/detail/called_name.hpp"
#include "hourglass/workflow/detail/contexts.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/request.hpp"
#include "hourglass/workflow/start_handle.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

/// What the workflow sees of a child that it cancels.
enum class ChildWorkflowCancellationType : std::uint8_t {
    WaitCancellationCompleted,  ///< asks the child to cancel itself and waits for its end, whatever
                                ///< that is
    WaitCancellationRequested,  ///< the same with Core 0.10, which does not tell when the child was
                                ///< asked
    TryCancel,                  ///< asks the child and goes on at once
    Abandon                     ///< goes on at once; the child is not told
};

using hourglass::ParentClosePolicy;

/// How a child workflow is started. What is not set is left to the server.
///
/// `detail::Held<T>` members are set and read like a T; it is there for g++ 12's sake.
struct ChildWorkflowOptions {
    /// Unique among the namespace's running executions. Empty: a UUID, the same on replay.
    detail::Held<std::string> id{};
    /// Empty: the workflow's own.
    detail::Held<std::string> task_queue{};
    ChildWorkflowCancellationType cancellation_type =
        ChildWorkflowCancellationType::WaitCancellationCompleted;
    ParentClosePolicy parent_close_policy = ParentClosePolicy::Terminate;
    WorkflowIdReusePolicy id_reuse_policy = WorkflowIdReusePolicy::AllowDuplicate;
    /// Of all runs together, retries and continue-as-new included.
    std::optional<std::chrono::nanoseconds> execution_timeout{};
    /// Of one run.
    std::optional<std::chrono::nanoseconds> run_timeout{};
    /// Of one workflow task; the server's default is 10 s.
    std::optional<std::chrono::nanoseconds> task_timeout{};
    /// Runs the child again after a failure; without one it fails at once.
    detail::Held<std::optional<RetryPolicy>> retry_policy{};
    /// Five fields, or `@every 1h`; a new run starts whenever it is due, and the child never ends
    /// by itself.
    detail::Held<std::string> cron_schedule{};
    /// `{{"customer", to_payload("ada")}}`
    detail::Held<std::map<std::string, Payload>> memo{};
    /// `{kCustomer.set("ada")}`
    detail::Held<SearchAttributes> search_attributes{};
    /// One line for user interfaces.
    detail::Held<std::string> static_summary{};
    /// Several lines for user interfaces, Markdown.
    detail::Held<std::string> static_details{};
    Priority priority{};
    /// Instead of the version that the child's type and deployment would get: `VersioningOverride::
    /// pinned(...)`. Servers before 1.32 take no notice.
    detail::Held<std::optional<VersioningOverride>> versioning_override{};
};

namespace detail {

/// A child from its start to its end.
class ChildWorkflowOperation final : public StartedOperation {
public:
    ChildWorkflowOperation(Ref<Scope> scope, std::uint32_t sequence, std::string id);
    ~ChildWorkflowOperation() override;

    [[nodiscard]] const std::string& id() const noexcept { return id_; }
    void known_as(CalledName type) { type_ = KeptName{type}; }
    [[nodiscard]] std::string_view type() const noexcept { return type_.text(); }

    [[nodiscard]] std::uint32_t sequence() const noexcept { return sequence_; }

    void cancel() override;
    void cancel_for(const std::string& reason) override;

private:
    std::uint32_t sequence_;
    std::string id_;
    KeptName type_;
    bool cancel_requested_ = false;
};

/// @throws ConfigurationError if the options are not usable; OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Ref<ChildWorkflowOperation> start_child(
    CalledName workflow_type, const ChildWorkflowOptions& options, Payloads arguments
);
[[nodiscard]] Ref<Operation> signal_child(
    const ChildWorkflowOperation& child, std::string_view name, Payloads arguments
);

}  // namespace detail

/// A child workflow that was asked for. Copies share it; it can be awaited any number of times, and
/// gives its result or throws its ChildWorkflowError each time.
/// @tparam Workflow  the class whose signals it takes; void for any.
template <class R, class Workflow = void>
class [[nodiscard(
    "the child is lost if the workflow ends first, and only the log says whether it fails"
)]] ChildWorkflowHandle {
public:
    using WorkflowAwaitable = void;
    using Result = R;

    explicit ChildWorkflowHandle(detail::Ref<detail::ChildWorkflowOperation> child) noexcept
        : child_{std::move(child)} {}
    /// The same child without its class, for a vector of several kinds.
    operator ChildWorkflowHandle<R>() const
        requires(!std::is_void_v<Workflow>)
    {
        return ChildWorkflowHandle<R>{child_};
    }

    [[nodiscard]] const std::string& id() const { return child().id(); }
    /// Empty until it has started.
    [[nodiscard]] const std::string& first_execution_run_id() const {
        return child().start()->identifier();
    }
    /// Await it to know that the child has started, and its first run's id.
    ///
    /// The await throws ChildWorkflowStartError if it cannot start, ChildWorkflowError whose cause
    /// is a CancelledError if it was cancelled before.
    [[nodiscard]] StartHandle started() const { return StartHandle{child().start()}; }
    /// Whether it has ended.
    [[nodiscard]] bool ready() const { return child().ready(); }
    /// Asks it to cancel itself, as its cancellation_type says. Does nothing when it has ended.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void cancel(const std::string& reason = {}) const { child().cancel_for(reason); }

    /// Sends a signal now, or as soon as the child has started: `co_await
    /// child.signal<&Invoice::approve>("ada")`.
    /// @throws ConversionError if an argument cannot be encoded; ReadOnlyError. From the await:
    /// ExternalWorkflowError if the child has ended before, what its start failed with if there is
    /// no child.
    template <auto Signal, class... A>
    RequestHandle signal(A&&... arguments) const {
        hourglass::detail::check_signal<Workflow, Signal>();
        return RequestHandle{detail::signal_child(
            child(),
            hourglass::detail::kNameOfFunction<Signal>,
            detail::encode_for_in<Signal>(
                detail::ChildStarted{child()}, std::forward<A>(arguments)...
            )
        )};
    }
    template <class... A>
    RequestHandle signal(std::string_view name, const A&... arguments) const {
        return RequestHandle{detail::signal_child(
            child(), name, detail::encode_arguments_in(detail::ChildStarted{child()}, arguments...)
        )};
    }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const { return child(); }
    R result() const {
        return detail::from_payload_in<R>(detail::ChildStarted{*child_}, child_->result());
    }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<ChildWorkflowHandle>{*this, frame};
    }

private:
    [[nodiscard]] detail::ChildWorkflowOperation& child() const {
        detail::require_handle(child_.get());
        return *child_;
    }

    detail::Ref<detail::ChildWorkflowOperation> child_;
};

/// Starts a child workflow now; await the handle for its result, `handle.started()` for its start.
///
/// `co_await execute_child<&Invoice::run>({.id = "invoice-7"}, order)`. The arguments are converted
/// to the run method's parameter types before they are encoded.
/// @throws ConfigurationError if the options are not usable, ConversionError if an argument cannot
/// be encoded; OutsideWorkflowError, ReadOnlyError. From the await: ChildWorkflowError whose cause
/// says what went wrong, ChildWorkflowStartError if there was no child, CancelledError if its scope
/// was cancelled.
template <auto Run, class... A>
auto execute_child(const ChildWorkflowOptions& options, A&&... arguments) {
    hourglass::detail::check_run<Run>();
    using Workflow = typename hourglass::detail::TraitsOf<Run>::Class;
    using R = hourglass::detail::ResultOf<Run>;
    constexpr detail::CalledName kType{hourglass::detail::kNameOfType<Workflow>, true};
    const detail::ChildToStart whose{kType, options.id};
    return ChildWorkflowHandle<R, Workflow>{detail::start_child(
        kType, options, detail::encode_for_in<Run>(whose, std::forward<A>(arguments)...)
    )};
}

/// The same by name, for workflows of other programs: `execute_child<std::string>("Invoice",
/// options, order)`.
template <class R, class... A>
ChildWorkflowHandle<R> execute_child(
    std::string_view workflow_type, const ChildWorkflowOptions& options, const A&... arguments
) {
    const detail::ChildToStart whose{{workflow_type}, options.id};
    return ChildWorkflowHandle<R>{detail::start_child(
        {workflow_type}, options, detail::encode_arguments_in(whose, arguments...)
    )};
}

}  // namespace hourglass::workflow
