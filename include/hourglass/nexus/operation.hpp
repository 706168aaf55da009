#pragma once

// What an operation returns whose result may come long after the call: from a workflow.

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/client/calls.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "hourglass/convert/typed_calls.hpp"

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace hourglass::nexus {

/// A workflow that is yet to be started, whose result is an operation's. See `workflow_run`.
template <class R>
class WorkflowRun {
public:
    using Result = R;

    explicit WorkflowRun(StartWorkflowCall call) : call_{std::move(call)} {}
    [[nodiscard]] const StartWorkflowCall& call() const noexcept { return call_; }

private:
    StartWorkflowCall call_;
};

namespace detail {

/// Of the arguments of a workflow that is started in the namespace of who handles the operation.
[[nodiscard]] inline hourglass::detail::GivenContext started_workflow(
    std::string_view type, const StartOptions& options
) {
    return hourglass::detail::GivenContext{
        {.workflow_namespace = serialization_context().workflow_namespace,
         .workflow_id = options.id,
         .workflow_type = type}
    };
}

}  // namespace detail

/// The workflow `Run`, a pointer to the run method, as what the operation does: `return
/// nexus::workflow_run<&Fulfil::run>({.id = "order-" + order.id}, order);`. It is started once the
/// handler has returned it, in the worker's namespace, as Client::start would, but that the task
/// queue is the worker's own unless the options name another. When it ends, so does the operation;
/// who cancels the operation cancels it.
///
/// The server may ask for one operation several times: an id that is made of the input makes it one
/// workflow. With WorkflowIdConflictPolicy::UseExisting operations may share a workflow that runs.
template <auto Run, class... A>
[[nodiscard]] auto workflow_run(StartOptions options, A&&... arguments) {
    hourglass::detail::check_run<Run>();
    constexpr std::string_view kType =
        hourglass::detail::kNameOfType<typename hourglass::detail::TraitsOf<Run>::Class>;
    const auto whose = detail::started_workflow(kType, options);
    Payloads encoded = hourglass::detail::encode_for_in<Run>(whose, std::forward<A>(arguments)...);
    return WorkflowRun<hourglass::detail::ResultOf<Run>>{
        {.type = std::string{kType}, .options = std::move(options), .arguments = std::move(encoded)}
    };
}
/// The same by the name of the workflow's type: `workflow_run<std::string>("Fulfil", {.id = …},
/// order)`.
template <class R, class... A>
[[nodiscard]] WorkflowRun<R> workflow_run(
    std::string type, StartOptions options, const A&... arguments
) {
    const auto whose = detail::started_workflow(type, options);
    Payloads encoded = hourglass::detail::encode_arguments_in(whose, arguments...);
    return WorkflowRun<R>{
        {.type = std::move(type), .options = std::move(options), .arguments = std::move(encoded)}
    };
}

namespace detail {

/// What a handler has to say: the result, or the workflow that will give it.
using Answer = std::variant<Payload, StartWorkflowCall>;

template <class T>
inline constexpr bool kIsWorkflowRun = false;
template <class R>
inline constexpr bool kIsWorkflowRun<WorkflowRun<R>> = true;

template <class T, class R>
StartWorkflowCall checked_call(const WorkflowRun<R>& run) {
    static_assert(
        std::is_same_v<T, R>, "nexus::Operation: the workflow's result is not the operation's"
    );
    return run.call();
}

}  // namespace detail

/// What an operation gives that may take longer than a call: its result, if that is at hand, or the
/// workflow whose result it is.
///
///     nexus::Operation<Receipt> buy(Order order);
///
/// Callers see a Receipt in either case.
template <class T>
class [[nodiscard]] Operation {
public:
    using Result = T;

    template <class U>
        requires(std::convertible_to<U &&, T> && !detail::kIsWorkflowRun<std::remove_cvref_t<U>> && !std::same_as<std::remove_cvref_t<U>, Operation>)
    Operation(U&& result)  // NOLINT(google-explicit-constructor): `return receipt;`
        : answer_{to_payload(static_cast<const T&>(T(std::forward<U>(result))))} {}
    template <class R>
    Operation(const WorkflowRun<R>& run)  // NOLINT(google-explicit-constructor)
        : answer_{detail::checked_call<T>(run)} {}

    [[nodiscard]] const detail::Answer& answer() const noexcept { return answer_; }

private:
    detail::Answer answer_;
};

/// The same of an operation without a result: `return {};` says that it is done.
template <>
class [[nodiscard]] Operation<void> {
public:
    using Result = void;

    Operation() : answer_{null_payload()} {}
    template <class R>
    Operation(const WorkflowRun<R>& run)  // NOLINT(google-explicit-constructor)
        : answer_{detail::checked_call<void>(run)} {}

    [[nodiscard]] const detail::Answer& answer() const noexcept { return answer_; }

private:
    detail::Answer answer_;
};

namespace detail {
template <class T>
inline constexpr bool kIsOperation = false;
template <class T>
inline constexpr bool kIsOperation<Operation<T>> = true;
}  // namespace detail

}  // namespace hourglass::nexus

/// A caller of the operation gets what it gives in the end.
template <class T>
struct hourglass::detail::AwaitedResult<hourglass::nexus::Operation<T>> {
    using Type = T;
};
