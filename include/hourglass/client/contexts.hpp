#pragma once

// Whose values a client converts.

#include "hourglass/client/client_backend.hpp"
#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/kept_context.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/serialization_context.hpp"

#include <string_view>

namespace hourglass::detail {

/// @param type  of the workflow, where the call names it.
[[nodiscard]] inline GivenContext of_workflow(
    const ClientBackend& backend, std::string_view id, std::string_view type = {}
) {
    return GivenContext{
        {.workflow_namespace = backend.namespace_name(), .workflow_id = id, .workflow_type = type}
    };
}

/// @param workflow_id  empty for a standalone activity.
[[nodiscard]] inline GivenContext of_activity(
    const ClientBackend& backend,
    std::string_view workflow_id,
    std::string_view id,
    std::string_view type = {}
) {
    return GivenContext{
        {.workflow_namespace = backend.namespace_name(),
         .workflow_id = workflow_id,
         .activity_id = id,
         .activity_type = type}
    };
}

/// A standalone Nexus operation; who asks for its result knows the namespace alone.
[[nodiscard]] inline GivenContext of_operation(
    const ClientBackend& backend,
    std::string_view endpoint = {},
    std::string_view service = {},
    std::string_view operation = {}
) {
    return GivenContext{
        {.workflow_namespace = backend.namespace_name(),
         .nexus_endpoint = endpoint,
         .nexus_service = service,
         .nexus_operation = operation}
    };
}

/// Decodes a result that comes later.
template <class R>
class ResultOfContext {
public:
    explicit ResultOfContext(const ContextSource& whose) : whose_{whose.context()} {}
    R operator()(const Payloads& payloads) const { return decode_result_in<R>(whose_, payloads); }

private:
    KeptContext whose_;
};

}  // namespace hourglass::detail
