#pragma once

// What HOURGLASS_NEXUS_SERVICE makes of a class; without the macro, so that the engine does not see
// the preprocessor's part.

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/base/nexus_operations.hpp"
#include "hourglass/base/workflow_methods.hpp"
#include "hourglass/workflow/detail/handlers.hpp"

#include <string_view>
#include <tuple>
#include <type_traits>

namespace hourglass::workflow::detail {

using hourglass::detail::is_operation;
using hourglass::detail::kIsNexusService;

template <class S>
struct SubjectOf<DescribeNexusService<S>> {
    using Type = S;
};

struct NoOperations {
    using Operations = HandlerList<>;
    static constexpr bool kIsNexusService = true;
};

template <class Service, auto M>
struct OperationOf {
    using Target = hourglass::detail::Method<M>;
    static constexpr std::string_view kName = hourglass::detail::kNameOfFunction<M>;
    static constexpr std::string_view kDefinition = kName;
};

template <auto M>
inline constexpr bool kFitsOperation =
    std::tuple_size_v<ArgumentsOf<M>> <= 1 && !hourglass::detail::TraitsOf<M>::kTakesReferences &&
    !hourglass::detail::kIsTask<ReturnOf<M>>;

}  // namespace hourglass::workflow::detail
