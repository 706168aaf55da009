// Files of profiles, and variables: each gives profiles or a ConfigurationError; and those that are
// written and read again are the same.
//
// Input: TOML; after a NUL, if there is one, variables as lines NAME=VALUE.
#include "hourglass/client/profile.hpp"

#include "hourglass/base/error.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::fuzz {
namespace {

using Profiles = std::map<std::string, ClientProfile>;

std::optional<Profiles> read(const ProfileSource& source) {
    try {
        return load_profiles(source);
    } catch (const ConfigurationError&) {
        return std::nullopt;
    }
}

/// Where they were read does not count.
Profiles without_origin(Profiles profiles) {
    for (auto& [name, profile] : profiles) {
        profile.origin.clear();
    }
    return profiles;
}

std::map<std::string, std::string> variables(std::string_view lines) {
    std::map<std::string, std::string> variables;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find('\n'));
        if (const auto equals = line.find('='); equals != std::string_view::npos) {
            variables.emplace(line.substr(0, equals), line.substr(equals + 1));
        }
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    }
    return variables;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto nul = input.find('\0');
    ProfileSource source{.text = std::string{input.substr(0, nul)}};
    source.environment =
        variables(nul == std::string_view::npos ? std::string_view{} : input.substr(nul + 1));

    const auto profiles = read(source);
    source.strict = true;
    const auto strict = read(source);
    require(!strict || (profiles && *profiles == *strict), "strict only refuses more");
    if (profiles) {
        const std::string text = to_toml(*profiles);
        const auto again = read({.text = text, .strict = true, .environment = source.environment});
        require(again.has_value(), "profiles that are written can be read", text);
        require(
            without_origin(*again) == without_origin(*profiles),
            "profiles that are written and read are the same",
            text
        );
    }
    source.strict = false;
    try {
        (void)load_profile(source);
    } catch (const ConfigurationError&) {
        require(true, "it says why");
    }
    return 0;
}

}  // namespace hourglass::fuzz
