#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hourglass::nexus {

/// What Temporal's SDKs know an operation by that a workflow does: they read each other's.
struct OperationToken {
    std::string workflow_namespace;
    std::string workflow_id;

    bool operator==(const OperationToken&) const = default;
};

[[nodiscard]] std::string to_text(const OperationToken& token);

/// @returns nullopt if it is none, of something else than a workflow, or of a later version.
[[nodiscard]] std::optional<OperationToken> parse_token(std::string_view text);

}  // namespace hourglass::nexus
