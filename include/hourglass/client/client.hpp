#pragma once

#include "hourglass/client/activity_calls.hpp"
#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/client_options.hpp"
#include "hourglass/client/connection_calls.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/nexus_client.hpp"
#include "hourglass/client/schedule_calls.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/with_start.hpp"
#include "hourglass/client/workflow_handle.hpp"
#include "hourglass/client/workflow_list.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// Starts workflows of one namespace and talks to them. A copy is cheap and shares the connection.
///
/// Plain names block until the answer is there, at most `ClientOptions::rpc_timeout`, attempts and
/// waits between them included; `execute` blocks until the workflow ends. Their twins with `_async`
/// return a Future of the answer, which is settled on a thread of a pool of the client's, where a
/// coroutine that awaits it goes on and may block. Arguments that cannot be encoded throw at the
/// call; everything else that fails throws an exception of client/errors.hpp, or
/// ConfigurationError, from the Future in a twin.
/// @threads any.
class Client : public detail::ScheduleCalls<Client>,
               public detail::ActivityCalls<Client>,
               public detail::NexusCalls<Client>,
               public detail::ConnectionCalls<Client> {
public:
    /// Connects, trying again until `options.rpc_timeout` has passed.
    /// @param call  of this one call: its own limit, a stop token, metadata.
    /// @throws UnavailableError naming the address; UnauthenticatedError; ConfigurationError.
    [[nodiscard]] static Client connect(ClientOptions options = {}, CallOptions call = {}) {
        return connect_async(std::move(options), std::move(call)).get();
    }
    static Future<Client> connect_async(ClientOptions options = {}, CallOptions call = {});

    /// The client of a backend of one's own: a test's stand-in, say.
    explicit Client(std::shared_ptr<detail::ClientBackend> backend)
        : backend_{std::move(backend)} {}

    /// Starts the workflow `Run`, a pointer to the run method: `start<&Checkout::run>({.id =
    /// "order-7"}, order)`.
    /// @throws WorkflowAlreadyStartedError if the id's policies do not allow it; ConfigurationError
    /// without an id.
    template <auto Run, class... A>
    WorkflowHandle<Run> start(StartOptions options, A&&... arguments) const {
        return start_async<Run>(std::move(options), std::forward<A>(arguments)...).get();
    }
    template <auto Run, class... A>
    Future<WorkflowHandle<Run>> start_async(StartOptions options, A&&... arguments) const {
        std::string type = name_of<Run>();
        Payloads encoded = detail::encode_for_in<Run>(
            detail::of_workflow(*backend_, options.id, type), std::forward<A>(arguments)...
        );
        return started<Run>(backend_->start(
            {.type = std::move(type), .options = std::move(options), .arguments = std::move(encoded)
            }
        ));
    }

    /// Starts a workflow by the name of its type, in whichever language it is written.
    template <class... A>
    WorkflowHandle<> start(std::string type, StartOptions options, A&&... arguments) const {
        return start_async(std::move(type), std::move(options), std::forward<A>(arguments)...)
            .get();
    }
    template <class... A>
    Future<WorkflowHandle<>> start_async(std::string type, StartOptions options, A&&... arguments)
        const {
        Payloads encoded = detail::encode_arguments_in(
            detail::of_workflow(*backend_, options.id, type), arguments...
        );
        return started<nullptr>(backend_->start(
            {.type = std::move(type), .options = std::move(options), .arguments = std::move(encoded)
            }
        ));
    }

    /// Starts the workflow and waits for its result.
    template <auto Run, class... A>
    detail::ResultOf<Run> execute(StartOptions options, A&&... arguments) const {
        return execute_async<Run>(std::move(options), std::forward<A>(arguments)...).get();
    }
    template <auto Run, class... A>
    Future<detail::ResultOf<Run>> execute_async(StartOptions options, A&&... arguments) const {
        return detail::chain(
            start_async<Run>(std::move(options), std::forward<A>(arguments)...),
            [](const WorkflowHandle<Run>& started) { return started.result_async(); }
        );
    }
    template <class R, class... A>
    R execute(std::string type, StartOptions options, A&&... arguments) const {
        return execute_async<R>(std::move(type), std::move(options), std::forward<A>(arguments)...)
            .get();
    }
    template <class R, class... A>
    Future<R> execute_async(std::string type, StartOptions options, A&&... arguments) const {
        return detail::chain(
            start_async(std::move(type), std::move(options), std::forward<A>(arguments)...),
            [](const WorkflowHandle<>& started) { return started.template result_async<R>(); }
        );
    }

    /// A handle of an execution that exists, or not: nothing is asked here.
    /// @param run_id  empty: whichever run is the newest when a call arrives.
    template <auto Run>
    [[nodiscard]] WorkflowHandle<Run> handle(std::string id, std::string run_id = {}) const {
        detail::check_run<Run>();
        return WorkflowHandle<Run>{backend_, reference(std::move(id), std::move(run_id))};
    }
    [[nodiscard]] WorkflowHandle<> handle(std::string id, std::string run_id = {}) const {
        return WorkflowHandle<>{backend_, reference(std::move(id), std::move(run_id))};
    }

    /// The executions that match, lazily; an empty query matches all.
    /// @param query  a list filter: `WorkflowType = 'Checkout' AND ExecutionStatus = 'Running'`.
    [[nodiscard]] WorkflowList list_workflows(std::string query = {}, ListOptions options = {})
        const {
        return WorkflowList{backend_, std::move(query), options};
    }

    /// How many executions match, approximately; `GROUP BY ExecutionStatus` counts by status.
    [[nodiscard]] Count count_workflows(std::string query = {}) const {
        return count_workflows_async(std::move(query)).get();
    }
    Future<Count> count_workflows_async(std::string query = {}) const {
        return backend_->count(std::move(query));
    }

    /// Sends a signal to the workflow, which is started if its id is not running:
    /// `signal_with_start<&Checkout::approve>(with_start<&Checkout::run>({.id = "order-7"}, order),
    /// "ada")`. One that runs gets the signal alone, also with the start's conflict policy Fail.
    template <auto Signal, auto Run, class... A>
    WorkflowHandle<Run> signal_with_start(const WithStart<Run>& start, A&&... arguments) const {
        return signal_with_start_async<Signal>(start, std::forward<A>(arguments)...).get();
    }
    template <auto Signal, auto Run, class... A>
    Future<WorkflowHandle<Run>> signal_with_start_async(
        const WithStart<Run>& start, A&&... arguments
    ) const {
        using Workflow = detail::WorkflowClassOf<Run>;
        static_assert(
            detail::kIsMessageOf<Workflow, Signal> &&
                detail::is_signal<detail::ReceiverOf<Workflow, Signal>, Signal>(),
            "signal_with_start: this method is no signal of the workflow that is started"
        );
        return started<Run>(backend_->signal_with_start(
            {.start = start.call(),
             .signal = std::string{detail::kNameOfFunction<Signal>},
             .arguments = detail::encode_for_in<Signal>(whose(start), std::forward<A>(arguments)...)
            }
        ));
    }
    template <auto Run, class... A>
    WorkflowHandle<Run> signal_with_start(
        const WithStart<Run>& start, std::string signal, A&&... arguments
    ) const {
        return signal_with_start_async(start, std::move(signal), std::forward<A>(arguments)...)
            .get();
    }
    template <auto Run, class... A>
    Future<WorkflowHandle<Run>> signal_with_start_async(
        const WithStart<Run>& start, std::string signal, A&&... arguments
    ) const {
        return started<Run>(backend_->signal_with_start(
            {.start = start.call(),
             .signal = std::move(signal),
             .arguments = detail::encode_arguments_in(whose(start), arguments...)}
        ));
    }

    /// Sends an update to the workflow, which is started if its id is not running; both are done,
    /// or none, but that the workflow goes on if its validator rejects the update. With the start's
    /// conflict policy Fail, its default, one that runs is a WorkflowAlreadyStartedError;
    /// UseExisting updates it. Returns when the update has come to `options.wait_for_stage`.
    template <auto Update, auto Run, class... A>
    StartedUpdate<Run, detail::ResultOf<Update>> update_with_start(
        const WithStart<Run>& start, StartUpdateOptions options, A&&... arguments
    ) const {
        return update_with_start_async<Update>(
                   start, std::move(options), std::forward<A>(arguments)...
        )
            .get();
    }
    template <auto Update, auto Run, class... A>
    Future<StartedUpdate<Run, detail::ResultOf<Update>>> update_with_start_async(
        const WithStart<Run>& start, StartUpdateOptions options, A&&... arguments
    ) const {
        using Workflow = detail::WorkflowClassOf<Run>;
        static_assert(
            detail::kIsMessageOf<Workflow, Update> &&
                detail::is_update<detail::ReceiverOf<Workflow, Update>, Update>(),
            "update_with_start: this method is no update of the workflow that is started"
        );
        return updated<Run, detail::ResultOf<Update>>(backend_->update_with_start(
            {.start = start.call(),
             .update = std::string{detail::kNameOfFunction<Update>},
             .options = std::move(options),
             .arguments = detail::encode_for_in<Update>(whose(start), std::forward<A>(arguments)...)
            }
        ));
    }
    template <class R, auto Run, class... A>
    StartedUpdate<Run, R> update_with_start(
        const WithStart<Run>& start,
        StartUpdateOptions options,
        std::string update,
        A&&... arguments
    ) const {
        return update_with_start_async<R>(
                   start, std::move(options), std::move(update), std::forward<A>(arguments)...
        )
            .get();
    }
    template <class R, auto Run, class... A>
    Future<StartedUpdate<Run, R>> update_with_start_async(
        const WithStart<Run>& start,
        StartUpdateOptions options,
        std::string update,
        A&&... arguments
    ) const {
        return updated<Run, R>(backend_->update_with_start(
            {.start = start.call(),
             .update = std::move(update),
             .options = std::move(options),
             .arguments = detail::encode_arguments_in(whose(start), arguments...)}
        ));
    }

    /// The same client, its calls made with these options on top of its own: `client.with({.timeout
    /// = 2s}).count_workflows()`. Handles that it makes have them, too.
    /// @throws ConfigurationError naming the option that is not usable.
    [[nodiscard]] Client with(CallOptions options) const {
        return Client{backend_->with(std::move(options))};
    }

    [[nodiscard]] const std::string& address() const { return backend_->address(); }
    [[nodiscard]] const std::string& namespace_name() const { return backend_->namespace_name(); }
    [[nodiscard]] const std::string& identity() const { return backend_->identity(); }

    [[nodiscard]] const std::shared_ptr<detail::ClientBackend>& backend() const { return backend_; }

private:
    template <auto Run>
    static std::string name_of() {
        detail::check_run<Run>();
        return std::string{detail::kNameOfType<typename detail::TraitsOf<Run>::Class>};
    }
    template <auto Run>
    [[nodiscard]] detail::GivenContext whose(const WithStart<Run>& start) const {
        return detail::of_workflow(*backend_, start.call().options.id, start.call().type);
    }
    template <auto Run>
    Future<WorkflowHandle<Run>> started(Future<detail::ExecutionRef> execution) const {
        return detail::map(std::move(execution), [backend = backend_](detail::ExecutionRef ref) {
            return WorkflowHandle<Run>{backend, std::move(ref)};
        });
    }
    template <auto Run, class R>
    Future<StartedUpdate<Run, R>> updated(Future<StartedWithUpdate> sent) const {
        return detail::map(std::move(sent), [backend = backend_](StartedWithUpdate both) {
            return StartedUpdate<Run, R>{
                WorkflowHandle<Run>{backend, std::move(both.workflow)},
                UpdateHandle<R>{backend, std::move(both.update)}
            };
        });
    }
    static detail::ExecutionRef reference(std::string id, std::string run_id) {
        detail::ExecutionRef ref;
        ref.workflow_id = std::move(id);
        ref.run_id = std::move(run_id);
        return ref;
    }

    std::shared_ptr<detail::ClientBackend> backend_;
};

}  // namespace hourglass
