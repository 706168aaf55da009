#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/client_options.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/start_options.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/workflow_handle.hpp"
#include "hourglass/client/workflow_list.hpp"

#include <cstdint>
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
class Client {
public:
    /// Connects, trying again until `options.rpc_timeout` has passed.
    /// @throws UnavailableError naming the address; UnauthenticatedError; ConfigurationError.
    [[nodiscard]] static Client connect(ClientOptions options = {}) {
        return connect_async(std::move(options)).get();
    }
    static Future<Client> connect_async(ClientOptions options = {});

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
        return detail::map(
            backend_->start(
                name_of<Run>(),
                std::move(options),
                detail::encode_for<Run>(std::forward<A>(arguments)...)
            ),
            [backend = backend_](detail::ExecutionRef started) {
                return WorkflowHandle<Run>{backend, std::move(started)};
            }
        );
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
        return detail::map(
            backend_->start(
                std::move(type), std::move(options), encode_arguments(std::forward<A>(arguments)...)
            ),
            [backend = backend_](detail::ExecutionRef started) {
                return WorkflowHandle<>{backend, std::move(started)};
            }
        );
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
    [[nodiscard]] WorkflowList list(std::string query = {}, ListOptions options = {}) const {
        return WorkflowList{backend_, std::move(query), options};
    }
    /// One page; an empty `page_token` asks for the first one.
    Future<WorkflowPage> list_page_async(
        std::string query, ListOptions options = {}, std::string page_token = {}
    ) const {
        return backend_->list_page(std::move(query), options.page_size, std::move(page_token));
    }

    /// How many executions match, approximately.
    [[nodiscard]] std::int64_t count(std::string query = {}) const {
        return count_async(std::move(query)).get();
    }
    Future<std::int64_t> count_async(std::string query = {}) const {
        return backend_->count(std::move(query));
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
    static detail::ExecutionRef reference(std::string id, std::string run_id) {
        detail::ExecutionRef ref;
        ref.workflow_id = std::move(id);
        ref.run_id = std::move(run_id);
        return ref;
    }

    std::shared_ptr<detail::ClientBackend> backend_;
};

}  // namespace hourglass
