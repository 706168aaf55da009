#pragma once

#include "hourglass/activity/definitions.hpp"

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

}  // namespace hourglass::detail

// Makes a function an activity of the process's catalog:
//
//     HOURGLASS_ACTIVITY(charge);
//     HOURGLASS_ACTIVITY(charge, "charge-card");
//     HOURGLASS_ACTIVITY(shop::Orders::charge);
//
// The second gives it another name than the C++ one; the third is a member function, whose object
// the worker is given. At global scope, after the function's declaration; in a header too. A
// function with a name of its own must be defined so before its first use in
// `execute_activity<&charge>`.
#define HOURGLASS_ACTIVITY(...)                                                                                      \
    HOURGLASS_DETAIL_ACTIVITY_PICK(__VA_ARGS__, HOURGLASS_DETAIL_ACTIVITY_NAMED, HOURGLASS_DETAIL_ACTIVITY_PLAIN, )( \
        __VA_ARGS__                                                                                                  \
    )
#define HOURGLASS_DETAIL_ACTIVITY_PICK(function, name, macro, ...) macro
#define HOURGLASS_DETAIL_ACTIVITY_PLAIN(function)                        \
    template <>                                                          \
    inline const bool hourglass::detail::kActivityInCatalog<&function> = \
        hourglass::detail::enter_in_activity_catalog(hourglass::activity::define<&function>())
#define HOURGLASS_DETAIL_ACTIVITY_NAMED(function, name)                                          \
    template <>                                                                                  \
    inline constexpr std::string_view hourglass::detail::kFunctionNameOverride<&function>{name}; \
    HOURGLASS_DETAIL_ACTIVITY_PLAIN(function)
