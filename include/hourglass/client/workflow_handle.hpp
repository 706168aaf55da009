#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/workflow_messages.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

namespace detail {

/// What every handle can do; `Workflow` is the class whose signals, queries and updates it takes,
/// or void for any.
///
/// Plain names block until the answer is there; their twins with `_async` return a Future of it.
/// Never call the plain ones from a workflow or a supervised process. Arguments that cannot be
/// encoded throw at the call, everything else that fails throws an exception of client/errors.hpp,
/// from the Future in a twin.
/// @threads any; a handle holds no state but names, and stays usable whatever becomes of the
/// workflow.
template <class Workflow>
class HandleBase : public MessageCalls<Workflow> {
public:
    using MessageCalls<Workflow>::MessageCalls;

    [[nodiscard]] const std::string& id() const { return target().workflow_id; }
    /// The run that all calls go to; empty: the newest one.
    [[nodiscard]] const std::string& run_id() const { return target().run_id; }
    /// The run that was started; empty if the handle does not come from a start.
    [[nodiscard]] const std::string& first_execution_run_id() const {
        return target().first_execution_run_id;
    }

    /// Asks the workflow to cancel itself; it may clean up first, or not comply. Returns when the
    /// server has recorded it.
    void cancel(std::string reason = {}) const { cancel_async(std::move(reason)).get(); }
    Future<void> cancel_async(std::string reason = {}) const {
        return backend()->cancel(target(), std::move(reason));
    }

    /// Ends the workflow at once; its code is not asked.
    /// @param details  any values, recorded with the termination.
    template <class... A>
    void terminate(std::string reason = {}, A&&... details) const {
        terminate_async(std::move(reason), std::forward<A>(details)...).get();
    }
    template <class... A>
    Future<void> terminate_async(std::string reason = {}, A&&... details) const {
        return backend()->terminate(
            target(), std::move(reason), encode_arguments_in(whose(), details...)
        );
    }

    [[nodiscard]] WorkflowDescription describe() const { return describe_async().get(); }
    Future<WorkflowDescription> describe_async() const { return backend()->describe(target()); }

    [[nodiscard]] WorkflowStatus status() const { return status_async().get(); }
    Future<WorkflowStatus> status_async() const {
        return map(describe_async(), [](const WorkflowDescription& description) {
            return description.status;
        });
    }

    /// All events so far of the run, or of the newest one.
    [[nodiscard]] WorkflowHistory history() const { return history_async().get(); }
    Future<WorkflowHistory> history_async() const { return backend()->history(target()); }

    /// Ends the run at a point of its history and goes on from there in a new one.
    /// @returns the new run's id; this handle, if it names a run, stays with the old one.
    /// @throws ConfigurationError if the history has no such point; RpcError (InvalidArgument) if
    /// ResetPoint::event names none.
    std::string reset(ResetOptions options) const { return reset_async(std::move(options)).get(); }
    Future<std::string> reset_async(ResetOptions options) const {
        return backend()->reset(target(), std::move(options));
    }

    /// Holds the workflow: none of its tasks are handed out until `unpause`. Servers must have it
    /// switched on.
    void pause(std::string reason = {}) const { pause_async(std::move(reason)).get(); }
    Future<void> pause_async(std::string reason = {}) const {
        return backend()->pause(target(), std::move(reason));
    }
    void unpause(std::string reason = {}) const { unpause_async(std::move(reason)).get(); }
    Future<void> unpause_async(std::string reason = {}) const {
        return backend()->unpause(target(), std::move(reason));
    }

    /// Changes options of the running workflow.
    /// @returns all of them after the change.
    ExecutionOptions update_options(ExecutionOptionsUpdate update) const {
        return update_options_async(std::move(update)).get();
    }
    Future<ExecutionOptions> update_options_async(ExecutionOptionsUpdate update) const {
        return backend()->update_options(target(), std::move(update));
    }

    /// Deletes the execution with its history; a running one is terminated first. The server does
    /// it soon after the answer.
    void remove() const { remove_async().get(); }
    Future<void> remove_async() const { return backend()->remove(target()); }

protected:
    using MessageCalls<Workflow>::backend;
    using MessageCalls<Workflow>::target;
    using MessageCalls<Workflow>::whose;

    template <class R>
    Future<R> result_of(ResultOptions options) const {
        return map(backend()->result(target(), options), ResultOfContext<R>{whose()});
    }
};

template <auto Run>
struct WorkflowClass {
    using Type = typename TraitsOf<Run>::Class;
};
template <>
struct WorkflowClass<nullptr> {
    using Type = void;
};
template <auto Run>
using WorkflowClassOf = typename WorkflowClass<Run>::Type;

}  // namespace detail

/// A handle of an execution: `WorkflowHandle<&Checkout::run>`, or `WorkflowHandle<>` of a workflow
/// known by name only.
template <auto Run = nullptr>
class WorkflowHandle : public detail::HandleBase<detail::WorkflowClassOf<Run>> {
public:
    using Result = detail::ResultOf<Run>;
    using detail::HandleBase<detail::WorkflowClassOf<Run>>::HandleBase;

    /// Waits until the workflow has ended, following it through continue-as-new, retries and cron
    /// runs. An outage of the server meanwhile is waited out.
    /// @throws WorkflowFailedError if it ended otherwise than with a result; WaitTimeoutError after
    /// `options.timeout`.
    Result result(ResultOptions options = {}) const { return result_async(options).get(); }
    Future<Result> result_async(ResultOptions options = {}) const {
        return this->template result_of<Result>(options);
    }

    /// The same execution, its calls made with these options.
    [[nodiscard]] WorkflowHandle with(CallOptions options) const {
        return WorkflowHandle{this->backend()->with(std::move(options)), this->target()};
    }

    /// The same execution, without the types.
    [[nodiscard]] WorkflowHandle<nullptr> untyped() const;
};

template <>
class WorkflowHandle<nullptr> : public detail::HandleBase<void> {
public:
    using detail::HandleBase<void>::HandleBase;

    /// As the typed handle's; `R` is what the workflow's result is decoded as, void to ignore it.
    template <class R>
    R result(ResultOptions options = {}) const {
        return result_async<R>(options).get();
    }
    template <class R>
    Future<R> result_async(ResultOptions options = {}) const {
        return this->template result_of<R>(options);
    }

    [[nodiscard]] WorkflowHandle with(CallOptions options) const {
        return WorkflowHandle{backend()->with(std::move(options)), target()};
    }
};

template <auto Run>
WorkflowHandle<nullptr> WorkflowHandle<Run>::untyped() const {
    return WorkflowHandle<nullptr>{this->backend(), this->target()};
}

}  // namespace hourglass
