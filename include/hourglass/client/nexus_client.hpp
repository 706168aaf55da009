#pragma once

#include "hourglass/base/name_of.hpp"
#include "hourglass/base/nexus_operations.hpp"
#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/nexus_operation_handle.hpp"
#include "hourglass/client/typed_calls.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hourglass {

/// A service behind an endpoint, called without a workflow: `client.nexus_client<Greetings>(
/// "greetings-prod")`. It holds no state but the names; whether they exist shows when an operation
/// is started. Servers must have standalone operations switched on.
///
/// Plain names block until the answer is there; twins with `_async` return a Future of it.
/// @tparam Service  the class that HOURGLASS_NEXUS_SERVICE made a service; void for any.
/// @threads any.
template <class Service = void>
class NexusClient {
public:
    NexusClient(
        std::shared_ptr<detail::ClientBackend> backend, std::string endpoint, std::string service
    )
        : backend_{std::move(backend)},
          endpoint_{std::move(endpoint)},
          service_{std::move(service)} {}

    [[nodiscard]] const std::string& endpoint() const noexcept { return endpoint_; }
    [[nodiscard]] const std::string& service() const noexcept { return service_; }

    /// Starts an operation: `greetings.start<&Greetings::greet>({.id = "greet-7",
    /// .schedule_to_close_timeout = 1min}, "ada")`.
    /// @throws NexusOperationAlreadyStartedError if the id's policies do not allow it;
    /// NexusOperationNotFoundError if the server does not know the endpoint; ConfigurationError
    /// naming what is not usable.
    template <auto Operation, class... A>
    auto start(StartNexusOperationOptions options, A&&... input) const {
        return start_async<Operation>(std::move(options), std::forward<A>(input)...).get();
    }
    template <auto Operation, class... A>
    auto start_async(StartNexusOperationOptions options, A&&... input) const {
        static_assert(
            !std::is_void_v<Service>,
            "start: this client is for any service; name the operation as text, or make the client "
            "with nexus_client<Service>(endpoint)"
        );
        static_assert(
            std::is_void_v<Service> || detail::is_operation<Service, Operation>(),
            "start: this is no operation of the service: operations(…) of HOURGLASS_NEXUS_SERVICE "
            "does not list it"
        );
        constexpr std::string_view kName = detail::kNameOfFunction<Operation>;
        return started<detail::ResultOf<Operation>>(
            std::string{kName},
            std::move(options),
            detail::encode_for_in<Operation>(whose(kName), std::forward<A>(input)...)
        );
    }
    /// By name: `start<std::string>("greet", options, "ada")`.
    template <class R, class... A>
    NexusOperationHandle<R> start(
        std::string operation, StartNexusOperationOptions options, const A&... input
    ) const {
        return start_async<R>(std::move(operation), std::move(options), input...).get();
    }
    template <class R, class... A>
    Future<NexusOperationHandle<R>> start_async(
        std::string operation, StartNexusOperationOptions options, const A&... input
    ) const {
        static_assert(sizeof...(A) <= 1, "start: a Nexus operation takes one input, or none");
        Payloads encoded = detail::encode_arguments_in(whose(operation), input...);
        return started<R>(std::move(operation), std::move(options), std::move(encoded));
    }

    /// Starts the operation and waits for its result.
    template <auto Operation, class... A>
    auto execute(StartNexusOperationOptions options, A&&... input) const {
        return execute_async<Operation>(std::move(options), std::forward<A>(input)...).get();
    }
    template <auto Operation, class... A>
    auto execute_async(StartNexusOperationOptions options, A&&... input) const {
        return result_of(start_async<Operation>(std::move(options), std::forward<A>(input)...));
    }
    template <class R, class... A>
    R execute(std::string operation, StartNexusOperationOptions options, const A&... input) const {
        return execute_async<R>(std::move(operation), std::move(options), input...).get();
    }
    template <class R, class... A>
    Future<R> execute_async(
        std::string operation, StartNexusOperationOptions options, const A&... input
    ) const {
        return result_of(start_async<R>(std::move(operation), std::move(options), input...));
    }

    /// The same service, its calls made with these options.
    [[nodiscard]] NexusClient with(CallOptions options) const {
        return NexusClient{backend_->with(std::move(options)), endpoint_, service_};
    }

private:
    [[nodiscard]] detail::GivenContext whose(std::string_view operation) const {
        return detail::of_operation(*backend_, endpoint_, service_, operation);
    }
    template <class R>
    Future<NexusOperationHandle<R>> started(
        std::string operation, StartNexusOperationOptions options, Payloads input
    ) const {
        StartNexusOperationCall call{
            .endpoint = endpoint_,
            .service = service_,
            .operation = std::move(operation),
            .options = std::move(options),
            .input = detail::operation_input(std::move(input))
        };
        return detail::map(
            backend_->start_nexus_operation(std::move(call)),
            [backend = backend_](NexusOperationRef ref) {
                return NexusOperationHandle<R>{backend, std::move(ref)};
            }
        );
    }
    template <class R>
    static Future<R> result_of(Future<NexusOperationHandle<R>> started) {
        return detail::chain(std::move(started), [](const NexusOperationHandle<R>& handle) {
            return handle.result_async();
        });
    }

    std::shared_ptr<detail::ClientBackend> backend_;
    std::string endpoint_;
    std::string service_;
};

namespace detail {

/// What a client does with Nexus operations.
template <class Client>
class NexusCalls {
public:
    /// The service of that class behind an endpoint. Nothing is asked here.
    template <class Service>
    [[nodiscard]] NexusClient<Service> nexus_client(std::string endpoint) const {
        static_assert(
            kIsNexusService<Service>,
            "nexus_client: HOURGLASS_NEXUS_SERVICE has to make this class a service first"
        );
        return NexusClient<Service>{own(), std::move(endpoint), std::string{kNameOfType<Service>}};
    }
    /// The same for a service of any kind, by name.
    [[nodiscard]] NexusClient<> nexus_client(std::string endpoint, std::string service) const {
        return NexusClient<>{own(), std::move(endpoint), std::move(service)};
    }

    /// A handle of a standalone Nexus operation that exists, or not: nothing is asked here.
    /// @param run_id  empty: the newest one.
    template <auto Operation>
    [[nodiscard]] NexusOperationHandle<ResultOf<Operation>> nexus_operation(
        std::string id, std::string run_id = {}
    ) const {
        return nexus_operation<ResultOf<Operation>>(std::move(id), std::move(run_id));
    }
    template <class R>
    [[nodiscard]] NexusOperationHandle<R> nexus_operation(std::string id, std::string run_id = {})
        const {
        return NexusOperationHandle<R>{own(), {.id = std::move(id), .run_id = std::move(run_id)}};
    }

    /// The standalone Nexus operations that match, lazily; an empty query matches all.
    /// @param query  a list filter: `Endpoint = 'shop' AND ExecutionStatus = 'Running'`.
    [[nodiscard]] Paged<NexusOperationExecution> list_nexus_operations(
        std::string query = {}, ListOptions options = {}
    ) const {
        return Paged<NexusOperationExecution>{
            [backend = own(), query = std::move(query), size = options.page_size](std::string token
            ) {
                return backend->list_nexus_operations_page(
                    {.query = query, .page_size = size, .page_token = std::move(token)}
                );
            },
            options.limit
        };
    }
    /// How many standalone Nexus operations match, approximately.
    [[nodiscard]] Count count_nexus_operations(std::string query = {}) const {
        return count_nexus_operations_async(std::move(query)).get();
    }
    Future<Count> count_nexus_operations_async(std::string query = {}) const {
        return own()->count_nexus_operations({.query = std::move(query)});
    }

private:
    friend Client;
    NexusCalls() = default;

    [[nodiscard]] const std::shared_ptr<ClientBackend>& own() const {
        return static_cast<const Client&>(*this).backend();
    }
};

}  // namespace detail
}  // namespace hourglass
