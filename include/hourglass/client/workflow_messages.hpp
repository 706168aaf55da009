#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/update_handle.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass::detail {

/// The signals, queries and updates of a handle; `Workflow` is the class that takes them, or void
/// for any.
template <class Workflow>
class MessageCalls {
public:
    MessageCalls(std::shared_ptr<ClientBackend> backend, ExecutionRef target)
        : backend_{std::move(backend)}, target_{std::move(target)} {}

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
            {.workflow = target_,
             .signal = std::string{kNameOfFunction<Signal>},
             .arguments = encode_for_in<Signal>(whose(), std::forward<A>(arguments)...)}
        );
    }
    template <class... A>
    void signal(std::string name, A&&... arguments) const {
        signal_async(std::move(name), std::forward<A>(arguments)...).get();
    }
    template <class... A>
    Future<void> signal_async(std::string name, A&&... arguments) const {
        return backend_->signal(
            {.workflow = target_,
             .signal = std::move(name),
             .arguments = encode_arguments_in(whose(), arguments...)}
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
        QueryWorkflowCall call{
            .workflow = target_,
            .query = std::string{kNameOfFunction<Query>},
            .options = options,
            .arguments = encode_for_in<Query>(whose(), std::forward<A>(arguments)...)
        };
        return map(backend_->query(std::move(call)), ResultOfContext<ResultOf<Query>>{whose()});
    }
    template <class R, class... A>
    R query_with(QueryOptions options, std::string name, A&&... arguments) const {
        return query_with_async<R>(options, std::move(name), std::forward<A>(arguments)...).get();
    }
    template <class R, class... A>
    Future<R> query_with_async(QueryOptions options, std::string name, A&&... arguments) const {
        QueryWorkflowCall call{
            .workflow = target_,
            .query = std::move(name),
            .options = options,
            .arguments = encode_arguments_in(whose(), arguments...)
        };
        return map(backend_->query(std::move(call)), ResultOfContext<R>{whose()});
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
        check_update<Update>();
        UpdateWorkflowCall call{
            .workflow = target_,
            .update = std::string{kNameOfFunction<Update>},
            .options = to_completed(std::move(options)),
            .arguments = encode_for_in<Update>(whose(), std::forward<A>(arguments)...)
        };
        return map(backend_->update(std::move(call)), ResultOfContext<ResultOf<Update>>{whose()});
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
        UpdateWorkflowCall call{
            .workflow = target_,
            .update = std::move(name),
            .options = to_completed(std::move(options)),
            .arguments = encode_arguments_in(whose(), arguments...)
        };
        return map(backend_->update(std::move(call)), ResultOfContext<R>{whose()});
    }

    /// Sends an update and returns when it has come to `options.wait_for_stage`.
    /// What its validator says is its outcome: the handle's `result` tells.
    /// @throws WaitTimeoutError after `options.timeout`, while the update itself goes on.
    template <auto Update, class... A>
    UpdateHandle<ResultOf<Update>> start_update(StartUpdateOptions options, A&&... arguments)
        const {
        return start_update_async<Update>(std::move(options), std::forward<A>(arguments)...).get();
    }
    template <auto Update, class... A>
    Future<UpdateHandle<ResultOf<Update>>> start_update_async(
        StartUpdateOptions options, A&&... arguments
    ) const {
        check_update<Update>();
        return as_handle<ResultOf<Update>>(backend_->start_update(
            {.workflow = target_,
             .update = std::string{kNameOfFunction<Update>},
             .options = std::move(options),
             .arguments = encode_for_in<Update>(whose(), std::forward<A>(arguments)...)}
        ));
    }
    template <class R, class... A>
    UpdateHandle<R> start_update(StartUpdateOptions options, std::string name, A&&... arguments)
        const {
        return start_update_async<R>(
                   std::move(options), std::move(name), std::forward<A>(arguments)...
        )
            .get();
    }
    template <class R, class... A>
    Future<UpdateHandle<R>> start_update_async(
        StartUpdateOptions options, std::string name, A&&... arguments
    ) const {
        return as_handle<R>(backend_->start_update(
            {.workflow = target_,
             .update = std::move(name),
             .options = std::move(options),
             .arguments = encode_arguments_in(whose(), arguments...)}
        ));
    }

    /// A handle of an update that was sent before, or not: nothing is asked here.
    template <auto Update>
    [[nodiscard]] UpdateHandle<ResultOf<Update>> update_handle(std::string id) const {
        check_update<Update>();
        return update_handle<ResultOf<Update>>(std::move(id));
    }
    template <class R>
    [[nodiscard]] UpdateHandle<R> update_handle(std::string id) const {
        UpdateRef update;
        update.workflow = target_;
        update.id = std::move(id);
        return UpdateHandle<R>{backend_, std::move(update)};
    }

protected:
    [[nodiscard]] const std::shared_ptr<ClientBackend>& backend() const { return backend_; }
    [[nodiscard]] const ExecutionRef& target() const { return target_; }
    [[nodiscard]] GivenContext whose() const { return of_workflow(*backend_, target_.workflow_id); }

private:
    static StartUpdateOptions to_completed(UpdateOptions options) {
        return {
            .id = std::move(options.id),
            .wait_for_stage = UpdateStage::Completed,
            .timeout = options.timeout
        };
    }
    template <auto Message>
    static constexpr void check_message() {
        static_assert(
            kIsMessageOf<Workflow, Message>,
            "this signal, query or update belongs to another workflow class than the handle"
        );
    }
    template <auto Update>
    static constexpr void check_update() {
        check_message<Update>();
        static_assert(
            is_update<ReceiverOf<Workflow, Update>, Update>(),
            "update: this method is no update of the workflow: updates(…) of HOURGLASS_WORKFLOW "
            "does not list it"
        );
    }
    template <class R>
    Future<UpdateHandle<R>> as_handle(Future<UpdateRef> sent) const {
        return map(std::move(sent), [backend = backend_](UpdateRef update) {
            return UpdateHandle<R>{backend, std::move(update)};
        });
    }

    std::shared_ptr<ClientBackend> backend_;
    ExecutionRef target_;
};

}  // namespace hourglass::detail
