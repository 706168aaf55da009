#pragma once

#include "hourglass/convert/serialization_context.hpp"

#include <string>

namespace hourglass::detail {

/// A context that outlives what its texts came from.
class KeptContext final : public ContextSource {
public:
    explicit KeptContext(const SerializationContext& given)
        : workflow_namespace_{given.workflow_namespace},
          workflow_id_{given.workflow_id},
          workflow_type_{given.workflow_type},
          activity_id_{given.activity_id},
          activity_type_{given.activity_type},
          is_local_activity_{given.is_local_activity},
          nexus_endpoint_{given.nexus_endpoint},
          nexus_service_{given.nexus_service},
          nexus_operation_{given.nexus_operation} {}

    [[nodiscard]] SerializationContext context() const override {
        return {
            .workflow_namespace = workflow_namespace_,
            .workflow_id = workflow_id_,
            .workflow_type = workflow_type_,
            .activity_id = activity_id_,
            .activity_type = activity_type_,
            .is_local_activity = is_local_activity_,
            .nexus_endpoint = nexus_endpoint_,
            .nexus_service = nexus_service_,
            .nexus_operation = nexus_operation_
        };
    }

private:
    std::string workflow_namespace_;
    std::string workflow_id_;
    std::string workflow_type_;
    std::string activity_id_;
    std::string activity_type_;
    bool is_local_activity_;
    std::string nexus_endpoint_;
    std::string nexus_service_;
    std::string nexus_operation_;
};

}  // namespace hourglass::detail
