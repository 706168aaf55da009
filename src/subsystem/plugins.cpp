#include "src/subsystem/plugins.hpp"

#include "hourglass/client/interceptor.hpp"
#include "hourglass/subsystem/plugin.hpp"
#include "hourglass/worker/interceptor.hpp"
#include "src/client/plugins.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace hourglass::subsystem {
namespace {

template <class List, class One>
bool contains(const List& list, const One& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

/// Gives the plugins of the client and those of the Application to both, each once.
void join_plugins(ApplicationOptions& options) {
    std::vector<std::shared_ptr<Plugin>> all;
    for (const auto& of_client : options.client.plugins) {
        auto both = std::dynamic_pointer_cast<Plugin>(of_client);
        if (both && !contains(all, both)) {
            all.push_back(std::move(both));
        }
    }
    for (auto& plugin : options.plugins) {
        if (!contains(all, plugin)) {
            all.push_back(plugin);
        }
        if (!contains(options.client.plugins, plugin)) {
            options.client.plugins.push_back(std::move(plugin));
        }
    }
    options.plugins = std::move(all);
}

}  // namespace

ApplicationOptions configured(ApplicationOptions options) {
    client::check_plugins(options.plugins, "ApplicationOptions::plugins");
    join_plugins(options);
    options.client = client::configured(std::move(options.client));
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
