#pragma once

// Which of its methods a workflow runs as what. Clients and workflows ask it where a method is
// named. Where the class's HOURGLASS_WORKFLOW is in sight, it decides; elsewhere (a client that
// only declares the class of somebody else's workflow) the method's shape has to do.

#include "hourglass/base/function_traits.hpp"

#include <type_traits>

namespace hourglass {

template <class T>
class Task;

namespace workflow::detail {

/// HOURGLASS_WORKFLOW specialises it.
template <class Workflow>
struct Describe;

}  // namespace workflow::detail

namespace detail {

template <class T>
inline constexpr bool kIsTask = false;
template <class T>
inline constexpr bool kIsTask<Task<T>> = true;

template <auto M>
inline constexpr bool kFitsRun = kIsTask<typename TraitsOf<M>::Result>;
template <auto M>
inline constexpr bool kFitsSignal = std::is_void_v<typename TraitsOf<M>::Result> ||
                                    std::is_same_v<typename TraitsOf<M>::Result, Task<void>>;
template <auto M>
inline constexpr bool kFitsQuery =
    TraitsOf<M>::kConst && !std::is_void_v<typename TraitsOf<M>::Result> &&
    !kIsTask<typename TraitsOf<M>::Result>;

/// Two methods are the same if these types are: pointers of different types cannot be compared.
template <auto M>
struct Method;

template <class Workflow>
inline constexpr bool kIsDefined = requires { sizeof(workflow::detail::Describe<Workflow>); };

template <class Workflow, auto M>
constexpr bool is_run() {
    if constexpr (kIsDefined<Workflow>) {
        return std::is_same_v<Method<M>, Method<workflow::detail::Describe<Workflow>::kRun>>;
    } else {
        return kFitsRun<M>;
    }
}

template <class Workflow, auto M>
constexpr bool is_signal() {
    if constexpr (kIsDefined<Workflow>) {
        return workflow::detail::Describe<Workflow>::Signals::template kHas<M>;
    } else {
        return kFitsSignal<M>;
    }
}

template <class Workflow, auto M>
constexpr bool is_query() {
    if constexpr (kIsDefined<Workflow>) {
        return workflow::detail::Describe<Workflow>::Queries::template kHas<M>;
    } else {
        return kFitsQuery<M>;
    }
}

template <class Workflow, auto M>
constexpr bool is_update() {
    if constexpr (kIsDefined<Workflow>) {
        return workflow::detail::Describe<Workflow>::Updates::template kHas<M>;
    } else {
        return true;  // an update may have any shape
    }
}

}  // namespace detail
}  // namespace hourglass
