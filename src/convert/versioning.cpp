#include "hourglass/convert/versioning.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_versioning.hpp"

#include <cstddef>

namespace hourglass {

void validate(const Priority& priority) {
    constexpr std::size_t kLongestKey = 64;
    if (priority.key && *priority.key < 1) {
        throw ConfigurationError{
            "Priority::key is " + std::to_string(*priority.key) +
            "; it must be at least 1, the highest priority, or not set"
        };
    }
    if (priority.fairness_key->size() > kLongestKey) {
        throw ConfigurationError{
            "Priority::fairness_key has " + std::to_string(priority.fairness_key->size()) +
            " bytes; it must have at most 64"
        };
    }
    if (priority.fairness_weight &&
        !(*priority.fairness_weight >= 0.001F && *priority.fairness_weight <= 1000.0F)) {
        throw ConfigurationError{
            "Priority::fairness_weight is " + std::to_string(*priority.fairness_weight) +
            "; it must be between 0.001 and 1000, or not set"
        };
    }
}

void validate(const VersioningOverride& wanted) {
    if (wanted.kind() == VersioningOverride::Kind::AutoUpgrade) {
        return;
    }
    const bool has_name = !wanted.version().deployment_name.empty();
    if (!has_name || wanted.version().build_id.empty()) {
        throw ConfigurationError{
            std::string{"the versioning override names a version without its "} +
            (has_name ? "build_id" : "deployment_name") + "; a version is known by both"
        };
    }
}

namespace convert {

namespace workflow = temporal::api::workflow::v1;

void to_proto(const Priority& priority, temporal::api::common::v1::Priority* proto) {
    proto->Clear();
    proto->set_priority_key(priority.key.value_or(0));
    proto->set_fairness_key(*priority.fairness_key);
    proto->set_fairness_weight(priority.fairness_weight.value_or(0));
}

void to_proto(
    const WorkerDeploymentVersion& version,
    temporal::api::deployment::v1::WorkerDeploymentVersion* proto
) {
    proto->Clear();
    proto->set_deployment_name(version.deployment_name);
    proto->set_build_id(version.build_id);
}

void to_proto(const VersioningOverride& wanted, workflow::VersioningOverride* proto) {
    proto->Clear();
    switch (wanted.kind()) {
        case VersioningOverride::Kind::Pinned:
            proto->mutable_pinned()->set_behavior(
                workflow::VersioningOverride::PINNED_OVERRIDE_BEHAVIOR_PINNED
            );
            to_proto(wanted.version(), proto->mutable_pinned()->mutable_version());
            break;
        case VersioningOverride::Kind::AutoUpgrade:
            proto->set_auto_upgrade(true);
            break;
        case VersioningOverride::Kind::OneTime:
            to_proto(
                wanted.version(), proto->mutable_one_time()->mutable_target_deployment_version()
            );
            break;
    }
}

Priority from_proto(const temporal::api::common::v1::Priority& proto) {
    Priority priority;
    if (proto.priority_key() != 0) {
        priority.key = proto.priority_key();
    }
    priority.fairness_key = proto.fairness_key();
    if (proto.fairness_weight() != 0) {
        priority.fairness_weight = proto.fairness_weight();
    }
    return priority;
}

WorkerDeploymentVersion from_proto(
    const temporal::api::deployment::v1::WorkerDeploymentVersion& proto
) {
    return {.deployment_name = proto.deployment_name(), .build_id = proto.build_id()};
}

std::optional<VersioningOverride> from_proto(const workflow::VersioningOverride& proto) {
    if (proto.has_pinned()) {
        return VersioningOverride::pinned(from_proto(proto.pinned().version()));
    }
    if (proto.auto_upgrade()) {
        return VersioningOverride::auto_upgrade();
    }
    if (proto.has_one_time()) {
        return VersioningOverride::one_time(from_proto(proto.one_time().target_deployment_version())
        );
    }
    return std::nullopt;
}

}  // namespace convert
}  // namespace hourglass
