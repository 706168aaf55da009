#pragma once

// Nexus operations, from the caller's side: work that another namespace, team or system does behind
// an endpoint.

#include "hourglass/base/held.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/typed_calls.hpp"
#include "hourglass/workflow/detail/contexts.hpp"
#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/detail/nexus_service.hpp"
#include "hourglass/workflow/start_handle.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

/// What the workflow sees of an operation that it cancels.
enum class NexusOperationCancellationType : std::uint8_t {
    WaitCancellationCompleted,  ///< asks the operation to stop and waits for its end, whatever that
                                ///< is
    WaitCancellationRequested,  ///< asks it to stop and waits until the handler has taken the
                                ///< request
    TryCancel,  ///< asks it and goes on at once; the request is lost if the workflow
                ///< ends right after
    Abandon     ///< goes on at once; the operation is not told
};

/// How a Nexus operation is called. What is not set has no limit of its own.
///
/// `detail::Held<T>` members are set and read like a T; it is there for g++ 12's sake.
struct NexusOperationOptions {
    /// From the call to the end, with all of the server's attempts.
    std::optional<std::chrono::nanoseconds> schedule_to_close_timeout{};
    /// From the call until the handler has started it, or has answered at once.
    std::optional<std::chrono::nanoseconds> schedule_to_start_timeout{};
    /// From the start of one that does not answer at once to its end.
    std::optional<std::chrono::nanoseconds> start_to_close_timeout{};
    NexusOperationCancellationType cancellation_type =
        NexusOperationCancellationType::WaitCancellationCompleted;
    /// Goes to the handler as it stands here, and into the history: no codec encrypts it.
    detail::Held<std::map<std::string, std::string>> headers{};
    /// One line for people who look at the history.
    detail::Held<std::string> summary{};
};

namespace detail {

/// Where an operation is.
struct NexusTarget {
    std::string endpoint;
    std::string service;
};

struct NexusName {
    NexusTarget target;
    std::string operation;
};

/// An operation from its call to its end.
class NexusOperation final : public StartedOperation {
public:
    NexusOperation(Ref<Scope> scope, std::uint32_t sequence, NexusName name)
        : StartedOperation{std::move(scope)}, sequence_{sequence}, name_{std::move(name)} {}
    ~NexusOperation() override;

    [[nodiscard]] const NexusName& name() const noexcept { return name_; }

    void cancel() override;

private:
    std::uint32_t sequence_;
    const NexusName name_;
    bool cancel_requested_ = false;
};

/// @throws ConfigurationError if a name is empty or the options are not usable;
/// OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Ref<NexusOperation> start_nexus_operation(
    const NexusTarget& target,
    std::string_view operation,
    const NexusOperationOptions& options,
    Payload input
);

using hourglass::detail::operation_input;

}  // namespace detail

/// A Nexus operation that was called. Copies share it; it can be awaited any number of times, and
/// gives its result or throws its NexusOperationError each time.
template <class R>
class [[nodiscard(
    "the operation is lost if the workflow ends first, and only the log says whether it fails"
)]] NexusOperationHandle {
public:
    using WorkflowAwaitable = void;
    using Result = R;

    explicit NexusOperationHandle(detail::Ref<detail::NexusOperation> operation) noexcept
        : operation_{std::move(operation)} {}

    /// Await it to know that the handler has started the operation, and its token. Where the
    /// handler answers at once, the start is over together with the end, and the token empty.
    ///
    /// The await throws NexusOperationError if it cannot start.
    [[nodiscard]] StartHandle started() const { return StartHandle{nexus().start()}; }
    /// What the handler knows the operation by. Empty until it has started, and if it answered at
    /// once.
    [[nodiscard]] const std::string& operation_token() const {
        return nexus().start()->identifier();
    }
    /// Whether it has ended.
    [[nodiscard]] bool ready() const { return nexus().ready(); }
    /// Asks it to stop, as its cancellation_type says. Does nothing when it has ended.
    /// @throws ReadOnlyError in a query, a validator or a condition.
    void cancel() const { nexus().cancel(); }

    /// For the engine.
    [[nodiscard]] detail::Operation& operation() const { return nexus(); }
    R result() const {
        return detail::from_payload_in<R>(detail::NexusCalled{*operation_}, operation_->result());
    }
    [[nodiscard]] auto workflow_awaiter(detail::Frame& frame) const {
        return detail::HandleAwaiter<NexusOperationHandle>{*this, frame};
    }

private:
    [[nodiscard]] detail::NexusOperation& nexus() const {
        detail::require_handle(operation_.get());
        return *operation_;
    }

    detail::Ref<detail::NexusOperation> operation_;
};

/// A service behind an endpoint. It holds no state but the names; whether they exist shows when an
/// operation is called.
/// @tparam Service  the class that HOURGLASS_NEXUS_SERVICE made a service; void for any.
template <class Service = void>
class NexusClient {
public:
    explicit NexusClient(detail::NexusTarget target) noexcept : target_{std::move(target)} {}

    [[nodiscard]] const std::string& endpoint() const noexcept { return target_.endpoint; }
    [[nodiscard]] const std::string& service() const noexcept { return target_.service; }

    /// Calls an operation now; await the handle for its result, `handle.started()` for its start:
    /// `co_await greetings.execute<&Greetings::greet>({.schedule_to_close_timeout = 10s}, "ada")`.
    /// @throws ConfigurationError if the options are not usable, ConversionError if the input
    /// cannot be encoded; OutsideWorkflowError, ReadOnlyError. From the await: NexusOperationError
    /// whose cause says what went wrong, such as a NexusHandlerError, an ApplicationError or a
    /// TimeoutError; CancelledError if its scope was cancelled.
    template <auto Operation, class... A>
    auto execute(const NexusOperationOptions& options, A&&... input) const {
        static_assert(
            !std::is_void_v<Service>,
            "execute: this client is for any service; name the operation as text, or make the "
            "client "
            "with nexus_client<Service>(endpoint)"
        );
        static_assert(
            std::is_void_v<Service> || detail::is_operation<Service, Operation>(),
            "execute: this is no operation of the service: operations(…) of "
            "HOURGLASS_NEXUS_SERVICE does not list it"
        );
        constexpr std::string_view kName = hourglass::detail::kNameOfFunction<Operation>;
        const detail::NexusToCall whose{target_, kName};
        return NexusOperationHandle<hourglass::detail::ResultOf<Operation>>{
            detail::start_nexus_operation(
                target_,
                kName,
                options,
                detail::operation_input(
                    detail::encode_for_in<Operation>(whose, std::forward<A>(input)...)
                )
            )
        };
    }
    /// The same by name: `execute<std::string>("greet", options, "ada")`.
    template <class R, class... A>
    NexusOperationHandle<R> execute(
        std::string_view operation, const NexusOperationOptions& options, const A&... input
    ) const {
        static_assert(sizeof...(A) <= 1, "execute: a Nexus operation takes one input, or none");
        const detail::NexusToCall whose{target_, operation};
        return NexusOperationHandle<R>{detail::start_nexus_operation(
            target_,
            operation,
            options,
            detail::operation_input(detail::encode_arguments_in(whose, input...))
        )};
    }

private:
    detail::NexusTarget target_;
};

/// The service of that class behind an endpoint: `nexus_client<Greetings>("greetings-prod")`.
/// Nothing is asked here.
template <class Service>
[[nodiscard]] NexusClient<Service> nexus_client(std::string endpoint) {
    static_assert(
        detail::kIsNexusService<Service>,
        "nexus_client: HOURGLASS_NEXUS_SERVICE has to make this class a service first"
    );
    return NexusClient<Service>{detail::NexusTarget{
        std::move(endpoint), std::string{hourglass::detail::kNameOfType<Service>}
    }};
}
/// The same for a service of any kind, by name.
[[nodiscard]] inline NexusClient<> nexus_client(std::string endpoint, std::string service) {
    return NexusClient<>{detail::NexusTarget{std::move(endpoint), std::move(service)}};
}

}  // namespace hourglass::workflow
