#pragma once

// Which handlers a workflow class has, and what its macro says of them.

#include "hourglass/base/workflow_methods.hpp"
#include "hourglass/workflow/definition.hpp"

#include <cstddef>
#include <exception>
#include <string_view>
#include <type_traits>

namespace hourglass::workflow::detail {

template <class... H>
struct HandlerList {
    static constexpr std::size_t kCount = sizeof...(H);
    template <auto M>
    static constexpr bool kHas =
        (std::is_same_v<typename H::Target, hourglass::detail::Method<M>> || ...);
};
/// Lists made by the macro start with this.
struct NoHandler;
template <class First, class... Rest>
using HandlersAfter = HandlerList<Rest...>;

/// What a workflow has unless the macro says otherwise.
struct NoHandlers {
    using Signals = HandlerList<>;
    using Queries = HandlerList<>;
    using Updates = HandlerList<>;
    static constexpr bool kDynamic = false;
    static constexpr auto kVersioning = VersioningBehavior::Unspecified;
    static constexpr bool (*kFailsWorkflow)(const std::exception& error) = nullptr;
};

template <class D>
struct SubjectOf;
template <class W>
struct SubjectOf<Describe<W>> {
    using Type = W;
};

/// What `describe` and `abandonable` of the macro say of a handler.
template <class W, auto M>
inline constexpr std::string_view kDescription{};
template <class W, auto M>
inline constexpr UnfinishedPolicy kUnfinished = UnfinishedPolicy::WarnAndAbandon;

template <class W, auto M>
inline constexpr bool kMayBeUnfinished =
    Describe<W>::Signals::template kHas<M> || Describe<W>::Updates::template kHas<M>;
template <class W, auto M>
inline constexpr bool kHandles = kMayBeUnfinished<W, M> || Describe<W>::Queries::template kHas<M>;

}  // namespace hourglass::workflow::detail
