#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/client/client_options.hpp"
#include "hourglass/client/plugin.hpp"

#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::client {

/// @param where  the option that has the list: "ClientOptions::plugins".
/// @throws ConfigurationError for a plugin that is null, or has no name of its own.
template <class Plugin>
void check_plugins(const std::vector<std::shared_ptr<Plugin>>& plugins, const std::string& where) {
    std::set<std::string> names;
    for (const auto& plugin : plugins) {
        if (!plugin) {
            throw ConfigurationError{"one of " + where + " is null; leave it out of the list"};
        }
        std::string name = plugin->name();
        if (name.empty()) {
            throw ConfigurationError{
                "one of " + where + " has an empty name; its name() must say who it is"
            };
        }
        if (!names.insert(name).second) {
            throw ConfigurationError{
                "two of " + where + " are called '" + name +
                "'; leave one of them out, or give it another name"
            };
        }
    }
}

/// The options as their plugins leave them, without a list of plugins: they have acted.
/// @throws ConfigurationError as `check_plugins`; what a plugin throws.
[[nodiscard]] inline ClientOptions configured(ClientOptions options) {
    const auto plugins = std::exchange(options.plugins, {});
    check_plugins(plugins, "ClientOptions::plugins");
    for (const auto& plugin : plugins) {
        plugin->configure_client(options);
    }
    options.plugins.clear();
    return options;
}

}  // namespace hourglass::client
