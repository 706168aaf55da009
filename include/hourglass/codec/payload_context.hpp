#pragma once

#include <string>

namespace hourglass {

/// Whose payloads are encoded or decoded. What is not known is empty.
///
/// The same payload has the same namespace and workflow id on both sides of the wire, so a codec
/// may bind what it makes to them. Exceptions are results that are given with a task token, where
/// no workflow is known, and arguments of a schedule's workflow, whose id the server makes longer.
struct PayloadContext {
    std::string workflow_namespace{};
    /// Of the workflow that gets or gave the payload: for a child's arguments and result the child.
    std::string workflow_id{};
    std::string workflow_type{};
    /// Of the activity whose arguments, heartbeats or result these are; clients may not know its
    /// type.
    std::string activity_id{};
    std::string activity_type{};

    bool operator==(const PayloadContext&) const = default;
};

}  // namespace hourglass
