#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/typed_calls.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

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
class HandleBase {
public:
    HandleBase(std::shared_ptr<ClientBackend> backend, ExecutionRef target)
        : backend_{std::move(backend)}, target_{std::move(target)} {}

    [[nodiscard]] const std::string& id() const { return target_.workflow_id; }
    /// The run that all calls go to; empty: the newest one.
    [[nodiscard]] const std::string& run_id() const { return target_.run_id; }
    /// The run that was started; empty if the handle does not come from a start.
    [[nodiscard]] const std::string& first_execution_run_id() const {
        return target_.first_execution_run_id;
    }

    /// Sends a signal. Returns when the server has recorded it, not when it was handled.
    /// @throws WorkflowNotFoundError also if the workflow has closed.
    template <auto Signal, class... A>
    void signal(A&&... arguments) const {
        signal_async<Signal>(std::forward<A>(arguments)...).get();
    }
    template <auto Signal, class... A>
    Future<void> signal_async(A&&... arguments) const {
        check_message<Signal>();
        static_assert(
            is_signal<ReceiverOf<Workflow, Signal>, Signal>(),
            "signal: this method is no signal of the workflow: signals(…) of HOURGLASS_WORKFLOW "
            "does not list it, or it returns something"
        );
        return backend_->signal(
            target_,
            std::string{kNameOfFunction<Signal>},
            encode_for<Signal>(std::forward<A>(arguments)...)
        );
    }
    template <class... A>
    void signal(std::string name, A&&... arguments) const {
        signal_async(std::move(name), std::forward<A>(arguments)...).get();
    }
    template <class... A>
    Future<void> signal_async(std::string name, A&&... arguments) const {
        return backend_->signal(
            target_, std::move(name), encode_arguments(std::forward<A>(arguments)...)
        );
    }

    /// Asks a worker for a value of the workflow; a closed workflow answers too.
    /// @throws QueryFailedError, DeadlineExceededError if no worker answers.
    template <auto Query, class... A>
    ResultOf<Query> query(A&&... arguments) const {
        return query_async<Query>(std::forward<A>(arguments)...).get();
    }
    template <auto Query, class... A>
    Future<ResultOf<Query>> query_async(A&&... arguments) const {
        return query_with_async<Query>({}, std::forward<A>(arguments)...);
    }
    template <class R, class... A>
    R query(std::string name, A&&... arguments) const {
        return query_async<R>(std::move(name), std::forward<A>(arguments)...).get();
    }
    template <class R, class... A>
    Future<R> query_async(std::string name, A&&... arguments) const {
        return query_with_async<R>({}, std::move(name), std::forward<A>(arguments)...);
    }

    /// A query with options.
    /// @throws QueryRejectedError in addition.
    template <auto Query, class... A>
    ResultOf<Query> query_with(QueryOptions options, A&&... arguments) const {
        return query_with_async<Query>(options, std::forward<A>(arguments)...).get();
    }
    template <auto Query, class... A>
    Future<ResultOf<Query>> query_with_async(QueryOptions options, A&&... arguments) const {
        check_message<Query>();
        static_assert(
            is_query<ReceiverOf<Workflow, Query>, Query>(),
            "query: this method is no query of the workflow: queries(…) of HOURGLASS_WORKFLOW does "
            "not list it, or it is not const, or returns nothing"
        );
        return map(backend_->query(target_, std::string{kNameOfFunction<Query>}, options, encode_for<Query>(std::forward<A>(arguments)...)), decode_result<ResultOf<Query>>);
    }
    template <class R, class... A>
    R query_with(QueryOptions options, std::string name, A&&... arguments) const {
        return query_with_async<R>(options, std::move(name), std::forward<A>(arguments)...).get();
    }
    template <class R, class... A>
    Future<R> query_with_async(QueryOptions options, std::string name, A&&... arguments) const {
        return map(backend_->query(target_, std::move(name), options, encode_arguments(std::forward<A>(arguments)...)), decode_result<R>);
    }

    /// Sends an update and waits for its outcome, for as long as that takes.
    /// @throws UpdateFailedError if the validator rejects it or the handler fails.
    template <auto Update, class... A>
    ResultOf<Update> update(A&&... arguments) const {
        return update_async<Update>(std::forward<A>(arguments)...).get();
    }
    template <auto Update, class... A>
    Future<ResultOf<Update>> update_async(A&&... arguments) const {
        return update_with_async<Update>({}, std::forward<A>(arguments)...);
    }
    template <class R, class... A>
    R update(std::string name, A&&... arguments) const {
        return update_async<R>(std::move(name), std::forward<A>(arguments)...).get();
    }
    template <class R, class... A>
    Future<R> update_async(std::string name, A&&... arguments) const {
        return update_with_async<R>({}, std::move(name), std::forward<A>(arguments)...);
    }

    /// An update with an id of the caller's, or a limit of the wait.
    /// @throws WaitTimeoutError in addition; the update itself goes on.
    template <auto Update, class... A>
    ResultOf<Update> update_with(UpdateOptions options, A&&... arguments) const {
        return update_with_async<Update>(std::move(options), std::forward<A>(arguments)...).get();
    }
    template <auto Update, class... A>
    Future<ResultOf<Update>> update_with_async(UpdateOptions options, A&&... arguments) const {
        check_message<Update>();
        static_assert(
            is_update<ReceiverOf<Workflow, Update>, Update>(),
            "update: this method is no update of the workflow: updates(…) of HOURGLASS_WORKFLOW "
            "does not list it"
        );
        return map(backend_->update(target_, std::string{kNameOfFunction<Update>}, std::move(options), encode_for<Update>(std::forward<A>(arguments)...)), decode_result<ResultOf<Update>>);
    }
    template <class R, class... A>
    R update_with(UpdateOptions options, std::string name, A&&... arguments) const {
        return update_with_async<R>(
                   std::move(options), std::move(name), std::forward<A>(arguments)...
        )
            .get();
    }
    template <class R, class... A>
    Future<R> update_with_async(UpdateOptions options, std::string name, A&&... arguments) const {
        return map(backend_->update(target_, std::move(name), std::move(options), encode_arguments(std::forward<A>(arguments)...)), decode_result<R>);
    }

    /// Asks the workflow to cancel itself; it may clean up first, or not comply. Returns when the
    /// server has recorded it.
    void cancel(std::string reason = {}) const { cancel_async(std::move(reason)).get(); }
    Future<void> cancel_async(std::string reason = {}) const {
        return backend_->cancel(target_, std::move(reason));
    }

    /// Ends the workflow at once; its code is not asked.
    /// @param details  any values, recorded with the termination.
    template <class... A>
    void terminate(std::string reason = {}, A&&... details) const {
        terminate_async(std::move(reason), std::forward<A>(details)...).get();
    }
    template <class... A>
    Future<void> terminate_async(std::string reason = {}, A&&... details) const {
        return backend_->terminate(
            target_, std::move(reason), encode_arguments(std::forward<A>(details)...)
        );
    }

    [[nodiscard]] WorkflowDescription describe() const { return describe_async().get(); }
    Future<WorkflowDescription> describe_async() const { return backend_->describe(target_); }

    [[nodiscard]] WorkflowStatus status() const { return status_async().get(); }
    Future<WorkflowStatus> status_async() const {
        return map(describe_async(), [](const WorkflowDescription& description) {
            return description.status;
        });
    }

    /// All events so far of the run, or of the newest one.
    [[nodiscard]] WorkflowHistory history() const { return history_async().get(); }
    Future<WorkflowHistory> history_async() const { return backend_->history(target_); }

protected:
    [[nodiscard]] const std::shared_ptr<ClientBackend>& backend() const { return backend_; }
    [[nodiscard]] const ExecutionRef& target() const { return target_; }

    template <class R>
    Future<R> result_of(ResultOptions options) const {
        return map(backend_->result(target_, options), decode_result<R>);
    }

private:
    template <auto Message>
    static constexpr void check_message() {
        static_assert(
            kIsMessageOf<Workflow, Message>,
            "this signal, query or update belongs to another workflow class than the handle"
        );
    }

    std::shared_ptr<ClientBackend> backend_;
    ExecutionRef target_;
};

template <auto Run>
using WorkflowClassOf = typename TraitsOf<Run>::Class;

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
};

template <auto Run>
WorkflowHandle<nullptr> WorkflowHandle<Run>::untyped() const {
    return WorkflowHandle<nullptr>{this->backend(), this->target()};
}

}  // namespace hourglass
