#pragma once

#include "hourglass/base/name_of.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/typed_calls.hpp"
#include "hourglass/workflow/detail/contexts.hpp"
#include "hourglass/workflow/errors.hpp"
#include "hourglass/workflow/request.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

namespace detail {

/// Another workflow of the same namespace.
struct ExternalTarget {
    std::string workflow_id;
    std::string run_id;
};

/// @throws OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Ref<Operation> signal_external(
    const ExternalTarget& target, std::string_view name, Payloads arguments
);
[[nodiscard]] Ref<Operation> cancel_external(
    const ExternalTarget& target, const std::string& reason
);

}  // namespace detail

/// Another workflow of the same namespace, which this one did not start. It holds no state but the
/// ids; whether there is such a workflow shows when something is sent to it.
/// @tparam Workflow  the class whose signals it takes; void for any.
template <class Workflow = void>
class ExternalWorkflowHandle {
public:
    explicit ExternalWorkflowHandle(detail::ExternalTarget target) noexcept
        : target_{std::move(target)} {}

    [[nodiscard]] const std::string& id() const noexcept { return target_.workflow_id; }
    /// Empty: whichever run is the newest when something arrives.
    [[nodiscard]] const std::string& run_id() const noexcept { return target_.run_id; }

    /// Sends a signal: `co_await other.signal<&Other::approve>("ada")`.
    /// @throws ConversionError if an argument cannot be encoded; OutsideWorkflowError,
    /// ReadOnlyError. From the await: ExternalWorkflowError if no such workflow runs.
    template <auto Signal, class... A>
    RequestHandle signal(A&&... arguments) const {
        hourglass::detail::check_signal<Workflow, Signal>();
        return RequestHandle{detail::signal_external(
            target_,
            hourglass::detail::kNameOfFunction<Signal>,
            detail::encode_for_in<Signal>(
                detail::OtherWorkflow{target_}, std::forward<A>(arguments)...
            )
        )};
    }
    template <class... A>
    RequestHandle signal(std::string_view name, const A&... arguments) const {
        return RequestHandle{detail::signal_external(
            target_, name, detail::encode_arguments_in(detail::OtherWorkflow{target_}, arguments...)
        )};
    }

    /// Asks it to cancel itself; it may clean up first, or not comply.
    /// @throws OutsideWorkflowError, ReadOnlyError. From the await: ExternalWorkflowError if there
    /// is no such workflow; one that has ended takes the request and does nothing.
    RequestHandle cancel(const std::string& reason = {}) const {
        return RequestHandle{detail::cancel_external(target_, reason)};
    }

private:
    detail::ExternalTarget target_;
};

/// A workflow by its id: `external_workflow<&Checkout::run>("order-7")`. Nothing is asked here.
/// @param run_id  empty: whichever run is the newest when something arrives.
template <auto Run>
[[nodiscard]] auto external_workflow(std::string id, std::string run_id = {}) {
    hourglass::detail::check_run<Run>();
    using Workflow = typename hourglass::detail::TraitsOf<Run>::Class;
    return ExternalWorkflowHandle<Workflow>{detail::ExternalTarget{std::move(id), std::move(run_id)}
    };
}
/// The same for a workflow of any type.
[[nodiscard]] inline ExternalWorkflowHandle<> external_workflow(
    std::string id, std::string run_id = {}
) {
    return ExternalWorkflowHandle<>{detail::ExternalTarget{std::move(id), std::move(run_id)}};
}

}  // namespace hourglass::workflow
