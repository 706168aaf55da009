#include "src/subsystem/plugins.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/client/interceptor.hpp"
#include "hourglass/subsystem/plugin.hpp"
#include "hourglass/worker/interceptor.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::subsystem {
namespace {

void check(const std::vector<std::shared_ptr<Plugin>>& plugins) {
    std::set<std::string> names;
    for (const auto& plugin : plugins) {
        if (!plugin) {
            throw ConfigurationError{
                "one of ApplicationOptions::plugins is null; leave it out of the list"
            };
        }
        std::string name = plugin->name();
        if (name.empty()) {
            throw ConfigurationError{
                "one of ApplicationOptions::plugins has an empty name; its name() must say who it "
                "is"
            };
        }
        if (!names.insert(name).second) {
            throw ConfigurationError{
                "two of ApplicationOptions::plugins are called '" + name +
                "'; leave one of them out, or give it another name"
            };
        }
    }
}

}  // namespace

ApplicationOptions configured(ApplicationOptions options) {
    check(options.plugins);
    for (const auto& plugin : options.plugins) {
        plugin->configure_client(options.client);
    }
    // No plugin hears of a worker that is never started.
    if (options.start_runtime && options.start_default_worker) {
        options.default_worker = configured(std::move(options.default_worker), options);
    }
    return options;
}

WorkerOptions configured(WorkerOptions worker, const ApplicationOptions& application) {
    for (const auto& plugin : application.plugins) {
        plugin->configure_worker(worker);
    }
    std::vector<std::shared_ptr<WorkerInterceptor>> of_client;
    const auto contains = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
    };
    for (const auto& each : application.client.interceptors) {
        auto both = std::dynamic_pointer_cast<WorkerInterceptor>(each);
        if (both && !contains(worker.interceptors, both) && !contains(of_client, both)) {
            of_client.push_back(std::move(both));
        }
    }
    worker.interceptors.insert(worker.interceptors.begin(), of_client.begin(), of_client.end());
    return worker;
}

}  // namespace hourglass::subsystem
