#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// As much of URLs as Nexus's links need.
namespace hourglass::nexus::url {

struct Parts {
    std::string scheme;
    /// What stands between the slashes, decoded; without the empty part before the first one.
    std::vector<std::string> path;
    /// Decoded; of several values of one name the first.
    std::map<std::string, std::string> query;
};

/// @returns nullopt if it has no scheme.
[[nodiscard]] std::optional<Parts> parse(std::string_view text);

/// All but letters, digits and `-._~` as `%XX`.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace hourglass::nexus::url
