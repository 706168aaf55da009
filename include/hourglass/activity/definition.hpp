#pragma once

// A function as an activity: what it is called, and how it runs on encoded arguments.

#include "hourglass/activity/isolation.hpp"
#include "hourglass/activity/objects.hpp"
#include "hourglass/activity/task.hpp"
#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/convert/convert.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <variant>
#include <vector>

namespace hourglass::activity {

/// What starting a body gives: the result if it ran to its end, or a coroutine that will yield it.
using Outcome = std::variant<Payload, Task<Payload>>;

struct Definition {
    /// The Temporal type.
    std::string name;
    /// C++ types as text, for messages.
    std::vector<std::string> argument_types{};
    std::string result_type{};
    /// The class of which the worker must have been given an object.
    struct NeededObject {
        std::type_index type;
        std::string class_name;
    };
    std::optional<NeededObject> needs_object{};
    /// Runs the body, or makes its coroutine. Throws what the body throws.
    std::function<Outcome(const Payloads& arguments, const Objects& objects)> invoke{};
    /// Equal for two definitions of the same function; empty for a callable, which equals no other.
    std::optional<std::type_index> function{};
    /// How the body runs in a process of its own. That process is a copy of this one, so the
    /// function's address says what to run there; a callable's captures would not be in it.
    struct IsolatedBody {
        Isolation bounds;
        Outcome (*run)(const std::string& activity, const Payloads& arguments);
    };
    std::optional<IsolatedBody> isolated{};
    /// Whether it runs every type that has no definition of its own; `name` is then for messages.
    bool dynamic = false;
};

}  // namespace hourglass::activity

namespace hourglass::detail {

// In a handler: say which activity's arguments or result could not be converted. Failures that a
// user's conversion threw pass as they are.
[[noreturn]] void rethrow_argument_error(const std::string& activity);
[[noreturn]] void rethrow_result_error(const std::string& activity);
[[noreturn]] void reject_missing_object(
    const std::string& activity, const std::string& class_name, const activity::Objects& objects
);

template <auto F>
struct ActivityFunctionTag {};

template <class R>
using ActivityResult = typename AwaitedResult<R>::Type;

template <class Tuple>
struct TypeTexts;
template <class... A>
struct TypeTexts<std::tuple<A...>> {
    static std::vector<std::string> list() { return {type_text<A>()...}; }
};

template <class Function, class Tuple>
inline constexpr bool kCallableWithValues = false;
template <class Function, class... A>
inline constexpr bool kCallableWithValues<Function, std::tuple<A...>> =
    std::is_invocable_v<Function, A&&...>;

template <class T>
Payload encode_activity_result(const std::string& activity, const T& value) {
    try {
        return to_payload(value);
    } catch (...) {
        rethrow_result_error(activity);
    }
}

// `owner` keeps alive what the body's frame points to: the object, or the callable with its
// captures. It stands before `body` because parameters are destroyed last first.
template <class T>
activity::Task<Payload> encode_awaited(
    [[maybe_unused]] std::shared_ptr<const void> owner,
    [[maybe_unused]] std::string activity,
    activity::Task<T> body
) {
    if constexpr (std::is_void_v<T>) {
        co_await std::move(body);
        co_return null_payload();
    } else {
        const T value = co_await std::move(body);
        Payload payload = encode_activity_result(activity, value);
        co_return payload;
    }
}

template <class Tuple>
Tuple decode_activity_arguments(const std::string& activity, const Payloads& payloads) {
    if constexpr (std::is_same_v<Tuple, std::tuple<Payloads>>) {
        return Tuple{payloads};  // a dynamic activity's: as they came
    } else {
        try {
            return decode_arguments<Tuple>(payloads);
        } catch (...) {
            rethrow_argument_error(activity);
        }
    }
}

/// @tparam F  the pointer to (member) function, or to a functor's call operator, that says what the
/// function takes.
template <class F, class Function>
activity::Outcome run_activity(
    const std::string& activity,
    std::shared_ptr<const void> owner,
    const Function& function,
    const Payloads& payloads
) {
    using Traits = FunctionTraits<F>;
    using Result = typename Traits::Result;
    static_assert(
        kCallableWithValues<const Function&, typename Traits::Arguments>,
        "An activity takes its arguments by value or by const reference: there is no variable of a "
        "caller to write to."
    );
    auto arguments = decode_activity_arguments<typename Traits::Arguments>(activity, payloads);
    if constexpr (kIsActivityTask<Result>) {
        static_assert(
            !Traits::kTakesReferences,
            "An activity's coroutine takes its arguments by value: what a reference points to is "
            "gone after the first "
            "co_await."
        );
        return encode_awaited(
            std::move(owner), activity, std::apply(function, std::move(arguments))
        );
    } else if constexpr (std::is_void_v<Result>) {
        std::apply(function, std::move(arguments));
        return null_payload();
    } else {
        return encode_activity_result(activity, std::apply(function, std::move(arguments)));
    }
}

template <class F>
constexpr void check_dynamic_activity() {
    static_assert(
        std::is_same_v<typename FunctionTraits<F>::Arguments, std::tuple<Payloads>>,
        "A dynamic activity takes hourglass::Payloads: the arguments as they came."
    );
}

template <auto F>
activity::Outcome run_isolated_body(const std::string& activity, const Payloads& payloads) {
    return run_activity<decltype(F)>(activity, nullptr, F, payloads);
}

template <class F>
activity::Definition describe_activity(std::string name) {
    using Traits = FunctionTraits<F>;
    activity::Definition definition{.name = std::move(name)};
    definition.argument_types = TypeTexts<typename Traits::Arguments>::list();
    definition.result_type = type_text<ActivityResult<typename Traits::Result>>();
    return definition;
}

}  // namespace hourglass::detail

namespace hourglass::activity {

/// The definition of a function or member function, for example `define<&Orders::charge>()`.
template <auto F>
[[nodiscard]] Definition define(std::string_view name = detail::kNameOfFunction<F>) {
    using Function = decltype(F);
    using Class = typename detail::TraitsOf<F>::Class;
    Definition definition = detail::describe_activity<Function>(std::string{name});
    definition.function = typeid(detail::ActivityFunctionTag<F>);
    if constexpr (std::is_void_v<Class>) {
        definition.invoke = [activity = definition.name](const Payloads& payloads, const Objects&) {
            return detail::run_activity<Function>(activity, nullptr, F, payloads);
        };
    } else {
        definition.needs_object =
            Definition::NeededObject{typeid(Class), detail::type_text<Class>()};
        definition.invoke =
            [activity = definition.name](const Payloads& payloads, const Objects& objects) {
                const std::shared_ptr<Class> object = objects.find<Class>();
                if (!object) {
                    detail::reject_missing_object(activity, detail::type_text<Class>(), objects);
                }
                const auto call = [object =
                                       object.get()]<class... A>(A&&... arguments) -> decltype(auto)
                    requires std::is_invocable_v<Function, Class*, A&&...>
                { return (object->*F)(std::forward<A>(arguments)...); };
                return detail::run_activity<Function>(activity, object, call, payloads);
            };
    }
    return definition;
}

/// The definition of a function that runs in a process of its own.
template <auto F>
[[nodiscard]] Definition define(std::string_view name, Isolation isolation) {
    static_assert(
        std::is_void_v<typename detail::TraitsOf<F>::Class>,
        "An isolated activity is a function: a member function's object lives in the worker's "
        "process, and the process that the activity runs in has none."
    );
    Definition definition = define<F>(name);
    if constexpr (std::is_void_v<typename detail::TraitsOf<F>::Class>) {
        definition.isolated = {isolation, &detail::run_isolated_body<F>};
    }
    return definition;
}
template <auto F>
[[nodiscard]] Definition define(Isolation isolation) {
    return define<F>(detail::kNameOfFunction<F>, isolation);
}

/// The definition of what runs every type that no other definition of its worker has.
[[nodiscard]] inline Definition as_dynamic(Definition definition) {
    definition.dynamic = true;
    return definition;
}

/// The definition of a callable, for example a lambda. It is called by several threads at once.
template <class Callable>
[[nodiscard]] Definition define(std::string name, Callable callable) {
    if constexpr (std::is_pointer_v<Callable>) {
        Definition definition = detail::describe_activity<Callable>(std::move(name));
        definition.invoke = [activity = definition.name,
                             callable](const Payloads& payloads, const Objects&) {
            return detail::run_activity<Callable>(activity, nullptr, callable, payloads);
        };
        return definition;
    } else {
        static_assert(
            requires { &Callable::operator(); },
            "An activity is a function, a member function, or an object with one call operator "
            "that is no template."
        );
        using Function = decltype(&Callable::operator());
        Definition definition = detail::describe_activity<Function>(std::move(name));
        definition.invoke = [activity = definition.name,
                             shared = std::make_shared<const Callable>(std::move(callable)
                             )](const Payloads& payloads, const Objects&) {
            return detail::run_activity<Function>(activity, shared, *shared, payloads);
        };
        return definition;
    }
}

}  // namespace hourglass::activity
