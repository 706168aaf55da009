#pragma once

#include "hourglass/activity/definitions.hpp"
#include "hourglass/base/global_scope.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace hourglass::activity {

/// The activities that this process's HOURGLASS_ACTIVITY lines define.
class Catalog {
public:
    /// A copy of the list: what a worker runs that was not told otherwise.
    /// @throws DuplicateRegistrationError if two of them claim one name; ConfigurationError if a
    /// name cannot be used.
    /// @threads any, once static initialisation is over.
    [[nodiscard]] static Definitions definitions();
};

}  // namespace hourglass::activity

namespace hourglass::detail {

/// Never throws: what is wrong is kept for Catalog::definitions(), because nobody catches during
/// static initialisation.
bool enter_in_activity_catalog(activity::Definition definition) noexcept;

template <auto F>
inline constexpr bool kActivityInCatalog = false;

/// Takes the address of a function, unless the name is that of several.
struct AnyFunction {
    template <class F>
    static void take(F function);
};

// What a definition line says beside the function: a name or `dynamic`, `isolated`, or both.
struct ActivityLine {
    std::string_view name{};
    std::optional<activity::Isolation> isolation{};
    bool dynamic = false;
};
constexpr ActivityLine activity_line(std::string_view name) {
    return {name, std::nullopt};
}
constexpr ActivityLine activity_line(activity::Isolation isolation) {
    return {{}, isolation};
}
constexpr ActivityLine activity_line(std::string_view name, activity::Isolation isolation) {
    return {name, isolation};
}
constexpr ActivityLine activity_line(activity::Dynamic) {
    return {{}, std::nullopt, true};
}
constexpr ActivityLine activity_line(activity::Dynamic, activity::Isolation isolation) {
    return {{}, isolation, true};
}

template <auto F>
inline constexpr ActivityLine kActivityLine{};

template <auto F>
activity::Definition define_as_its_line_says() {
    activity::Definition definition;
    if constexpr (kActivityLine<F>.isolation.has_value()) {
        definition = activity::define<F>(*kActivityLine<F>.isolation);
    } else {
        definition = activity::define<F>();
    }
    if constexpr (kActivityLine<F>.dynamic) {
        check_dynamic_activity<decltype(F)>();
        definition = activity::as_dynamic(std::move(definition));
    }
    return definition;
}

}  // namespace hourglass::detail

// Makes a function an activity of the process's catalog:
//
//     HOURGLASS_ACTIVITY(charge);
//     HOURGLASS_ACTIVITY(charge, "charge-card");
//     HOURGLASS_ACTIVITY(shop::Orders::charge);
//     HOURGLASS_ACTIVITY(render, isolated);
//     HOURGLASS_ACTIVITY(render, "render-page", isolated({.memory_limit = 256 << 20}));
//     HOURGLASS_ACTIVITY(forward, dynamic);
//
// The second gives it another name than the C++ one; the third is a member function, whose object
// the worker is given; the next two run in a process of their own, see isolation.hpp; the last one,
// `hourglass::RawValue forward(hourglass::Payloads)`, runs every type that nothing else defines (it
// may be isolated, too). At global
// scope, after the function's declaration; in a header too. A line that says more than the function
// stands before the function's first use in `execute_activity<&charge>`.
#define HOURGLASS_ACTIVITY(...)                                                                                                                               \
    HOURGLASS_DETAIL_ACTIVITY_PICK(__VA_ARGS__, HOURGLASS_DETAIL_ACTIVITY_DESCRIBED, HOURGLASS_DETAIL_ACTIVITY_DESCRIBED, HOURGLASS_DETAIL_ACTIVITY_PLAIN, )( \
        __VA_ARGS__                                                                                                                                           \
    )
#define HOURGLASS_DETAIL_ACTIVITY_PICK(function, first, second, macro, ...) macro
#define HOURGLASS_DETAIL_ACTIVITY_CHECKED(function)                                     \
    HOURGLASS_DETAIL_AT_GLOBAL_SCOPE("HOURGLASS_ACTIVITY", #function)                   \
    static_assert(                                                                      \
        []<class T>() {                                                                 \
            return requires { T::take(&function); };                                    \
        }.template operator()<hourglass::detail::AnyFunction>(),                        \
        "HOURGLASS_ACTIVITY(" #function                                                 \
        "): there are several functions of this name, or it is "                        \
        "not public: write one with a name of its own that calls the one that is meant" \
    );
#define HOURGLASS_DETAIL_ACTIVITY_PLAIN(function) \
    HOURGLASS_DETAIL_ACTIVITY_CHECKED(function) HOURGLASS_DETAIL_ACTIVITY_ENTERED(function)
#define HOURGLASS_DETAIL_ACTIVITY_ENTERED(function)                      \
    template <>                                                          \
    inline const bool hourglass::detail::kActivityInCatalog<&function> = \
        hourglass::detail::enter_in_activity_catalog(                    \
            hourglass::detail::define_as_its_line_says<&function>()      \
        )
// The block, for `isolated` to be found from anywhere.
#define HOURGLASS_DETAIL_ACTIVITY_DESCRIBED(function, ...)                                         \
    HOURGLASS_DETAIL_ACTIVITY_CHECKED(function)                                                    \
    template <>                                                                                    \
    inline constexpr hourglass::detail::ActivityLine hourglass::detail::kActivityLine<&function> = \
        [] {                                                                                       \
            using hourglass::activity::dynamic;                                                    \
            using hourglass::activity::isolated;                                                   \
            static_cast<void>(dynamic);                                                            \
            static_cast<void>(isolated);                                                           \
            return hourglass::detail::activity_line(__VA_ARGS__);                                  \
        }();                                                                                       \
    template <>                                                                                    \
    inline constexpr std::string_view hourglass::detail::kFunctionNameOverride<&function>{         \
        hourglass::detail::kActivityLine<&function>.name                                           \
    };                                                                                             \
    HOURGLASS_DETAIL_ACTIVITY_ENTERED(function)
