#pragma once

#include <google/protobuf/descriptor.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace hourglass::client {

/// "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED" as "WorkflowExecutionStarted"; the number's text if the
/// enum lacks it.
[[nodiscard]] std::string short_enum_name(const google::protobuf::EnumDescriptor& type, int number);

/// Replaces the short enum names in a message's JSON, which older tools wrote, by the names that
/// protobuf reads.
void expand_enum_names(nlohmann::json& message, const google::protobuf::Descriptor& type);

}  // namespace hourglass::client
