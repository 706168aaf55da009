#pragma once

// Which Nexus services a worker handles, and by what.

#include "hourglass/base/function_traits.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/nexus/operation.hpp"
#include "hourglass/workflow/detail/nexus_service.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::nexus {

/// Runs one operation on its encoded input. Throws what the handler throws.
using Handler = std::function<detail::Answer(const Payload& input)>;

namespace detail {

// In a handler: the request, not this worker, is to blame for an input that does not fit.
[[noreturn]] void rethrow_input_error();

template <class Arguments>
Arguments decode_input(const Payload& input) {
    static_assert(
        std::tuple_size_v<Arguments> <= 1, "A Nexus operation takes one value, or nothing."
    );
    if constexpr (std::tuple_size_v<Arguments> == 0) {
        return {};
    } else {
        try {
            return decode_arguments<Arguments>({input});
        } catch (...) {
            rethrow_input_error();
        }
    }
}

/// @tparam F  the pointer to (member) function, or to a functor's call operator, that says what the
/// operation takes and gives.
template <class F, class Function>
Answer run_operation(const Function& function, const Payload& input) {
    using Traits = hourglass::detail::FunctionTraits<F>;
    using Result = typename Traits::Result;
    auto arguments = decode_input<typename Traits::Arguments>(input);
    if constexpr (std::is_void_v<Result>) {
        std::apply(function, std::move(arguments));
        return null_payload();
    } else if constexpr (kIsOperation<Result>) {
        return std::apply(function, std::move(arguments)).answer();
    } else {
        return to_payload(std::apply(function, std::move(arguments)));
    }
}

template <class Service, auto M>
Handler handler_of(std::shared_ptr<Service> object) {
    return [object = std::move(object)](const Payload& input) {
        const auto call = [&object](auto&&... value) -> decltype(auto) {
            return ((*object).*M)(std::forward<decltype(value)>(value)...);
        };
        return run_operation<decltype(M)>(call, input);
    };
}

}  // namespace detail

/// The services that a worker handles. A value: copies share the handlers, not the list.
///
/// Handlers are called by several threads at once, and may block.
class Services {
public:
    /// The operations of a service, on an object of its class or of one that is derived from it:
    /// `services.add<Greetings>(std::make_shared<PoliteGreetings>(database))`. Shares the object.
    /// @tparam Service  the class that HOURGLASS_NEXUS_SERVICE made a service.
    /// @throws DuplicateRegistrationError if the service is there; ConfigurationError if the object
    /// is null.
    template <class Service>
    Services& add(std::shared_ptr<Service> object) {
        static_assert(
            workflow::detail::kIsNexusService<Service>,
            "nexus::Services::add: HOURGLASS_NEXUS_SERVICE has to make this class a service first; "
            "for an object of a derived class name the service: add<Service>(object)"
        );
        if constexpr (workflow::detail::kIsNexusService<Service>) {
            const std::string name{hourglass::detail::kNameOfType<Service>};
            require_new(name, object != nullptr);
            using Described = workflow::detail::DescribeNexusService<Service>;
            add_all(name, object, typename Described::Operations{});
        }
        return *this;
    }
    /// Borrows the object, `services.add(std::ref(greetings))`: it must outlive the worker and the
    /// handlers that still run at its end.
    template <class Service>
    Services& add(std::reference_wrapper<Service> object) {
        return add<Service>(std::shared_ptr<Service>{std::shared_ptr<void>{}, &object.get()});
    }
    /// On an object that is made here: `services.add<Greetings>()`.
    template <class Service>
    Services& add() {
        static_assert(
            std::is_default_constructible_v<Service>,
            "nexus::Services::add: this class cannot be made of nothing; give its object"
        );
        return add<Service>(std::make_shared<Service>());
    }
    /// One operation of a service without a class: `services.add("greetings", "greet",
    /// [](std::string name) { … })`.
    /// @throws DuplicateRegistrationError if the service has such an operation; ConfigurationError
    /// if a name is empty.
    template <class Callable>
    Services& add(std::string service, std::string operation, Callable callable) {
        if constexpr (std::is_pointer_v<Callable>) {
            add_handler(service, std::move(operation), [callable](const Payload& input) {
                return detail::run_operation<Callable>(callable, input);
            });
        } else {
            static_assert(
                requires { &Callable::operator(); },
                "A handler is a function, or an object with one call operator that is no template."
            );
            using Function = decltype(&Callable::operator());
            add_handler(
                service,
                std::move(operation),
                [shared =
                     std::make_shared<const Callable>(std::move(callable))](const Payload& input) {
                    return detail::run_operation<Function>(*shared, input);
                }
            );
        }
        return *this;
    }

    [[nodiscard]] bool empty() const noexcept { return services_.empty(); }
    /// The names of the services, sorted.
    [[nodiscard]] std::vector<std::string> names() const;
    /// @returns the handler of the operation.
    /// @throws HandlerError NotFound, saying what there is.
    [[nodiscard]] const Handler& find(std::string_view service, std::string_view operation) const;

private:
    template <class Service, class... O>
    void add_all(
        const std::string& service,
        const std::shared_ptr<Service>& object,
        workflow::detail::HandlerList<O...> operations
    );
    template <class Service, auto M>
    void add_one(
        const std::string& service,
        std::shared_ptr<Service> object,
        workflow::detail::OperationOf<Service, M> operation
    );
    void require_new(const std::string& service, bool has_object) const;
    void add_handler(const std::string& service, std::string operation, Handler handler);

    using Operations = std::map<std::string, Handler, std::less<>>;
    std::map<std::string, Operations, std::less<>> services_;
};

template <class Service, class... O>
void Services::add_all(
    const std::string& service,
    const std::shared_ptr<Service>& object,
    workflow::detail::HandlerList<O...> /*operations*/
) {
    (add_one(service, object, O{}), ...);
}

template <class Service, auto M>
void Services::add_one(
    const std::string& service,
    std::shared_ptr<Service> object,
    workflow::detail::OperationOf<Service, M> operation
) {
    add_handler(
        service,
        std::string{decltype(operation)::kName},
        detail::handler_of<Service, M>(std::move(object))
    );
}

}  // namespace hourglass::nexus
