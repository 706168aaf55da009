#pragma once

#include "hourglass/activity/definition.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::activity {

/// The activities that a worker runs, by their Temporal type. A value: copies share the
/// definitions, not the list.
class Definitions {
public:
    /// `definitions.add<&charge>()`, `definitions.add<&Orders::charge>("charge-order")`. The same
    /// function twice under one name is fine.
    /// @throws DuplicateRegistrationError if the name is taken; ConfigurationError if it is empty
    /// or reserved.
    template <auto F>
    Definitions& add(std::string_view name = detail::kNameOfFunction<F>) {
        return add(define<F>(name));
    }

    /// `definitions.add<&charge>(isolated)`, `definitions.add<&charge>("charge-card", isolated)`.
    /// @throws as above; ConfigurationError if a bound cannot be used.
    template <auto F>
    Definitions& add(Isolation isolation) {
        return add(define<F>(isolation));
    }
    template <auto F>
    Definitions& add(std::string_view name, Isolation isolation) {
        return add(define<F>(name, isolation));
    }

    /// `definitions.add("charge", [db](Order order) { … })`.
    /// @throws as above.
    template <class Callable>
    Definitions& add(std::string name, Callable callable) {
        return add(define(std::move(name), std::move(callable)));
    }

    /// What runs every type that has no definition of its own, one on a worker:
    /// `definitions.add_dynamic<&forward>()` with `hourglass::RawValue forward(Payloads
    /// arguments)`, which asks `info().activity_type` for which type it is called.
    /// @throws DuplicateRegistrationError if there is another one.
    template <auto F>
    Definitions& add_dynamic() {
        detail::check_dynamic_activity<decltype(F)>();
        return add(as_dynamic(define<F>()));
    }
    template <auto F>
    Definitions& add_dynamic(Isolation isolation) {
        detail::check_dynamic_activity<decltype(F)>();
        return add(as_dynamic(define<F>(isolation)));
    }
    template <class Callable>
    Definitions& add_dynamic(Callable callable) {
        if constexpr (std::is_pointer_v<Callable>) {
            detail::check_dynamic_activity<Callable>();
        } else {
            detail::check_dynamic_activity<decltype(&Callable::operator())>();
        }
        return add(as_dynamic(define("a dynamic activity", std::move(callable))));
    }

    Definitions& add(Definition definition);
    Definitions& add(const Definitions& others);

    /// @returns the one of that name, else the dynamic one, else null.
    [[nodiscard]] std::shared_ptr<const Definition> find(std::string_view name) const;
    /// Sorted, without the dynamic one.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Whether one of them runs in a process of its own.
    [[nodiscard]] bool any_isolated() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return size() == 0; }
    [[nodiscard]] std::size_t size() const noexcept {
        return by_name_.size() + (dynamic_ ? 1U : 0U);
    }

    /// The activities that cannot run because `objects` has no object of their class, as text for a
    /// log line each.
    [[nodiscard]] std::vector<std::string> unusable_with(const Objects& objects) const;

private:
    void add_dynamic_definition(Definition definition);
    [[nodiscard]] std::vector<std::shared_ptr<const Definition>> all() const;

    std::map<std::string, std::shared_ptr<const Definition>, std::less<>> by_name_;
    std::shared_ptr<const Definition> dynamic_;
};

}  // namespace hourglass::activity
