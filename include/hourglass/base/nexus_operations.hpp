#pragma once

// Which functions of a class are the operations of a Nexus service. Clients and workflows ask it
// where an operation is named.

#include "hourglass/base/workflow_methods.hpp"

namespace hourglass {

namespace workflow::detail {

/// HOURGLASS_NEXUS_SERVICE specialises it.
template <class Service>
struct DescribeNexusService;

}  // namespace workflow::detail

namespace detail {

template <class Service>
inline constexpr bool kIsNexusService =
    requires { sizeof(workflow::detail::DescribeNexusService<Service>); };

template <class Service, auto M>
constexpr bool is_operation() {
    if constexpr (kIsNexusService<Service>) {
        return workflow::detail::DescribeNexusService<Service>::Operations::template kHas<M>;
    } else {
        return false;
    }
}

}  // namespace detail
}  // namespace hourglass
