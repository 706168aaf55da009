#include "src/subsystem/living_tree.hpp"

#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/subsystem/application.hpp"
#include "src/activity/isolation/server_handle.hpp"
#include "src/client/identity.hpp"
#include "src/client/make_client.hpp"
#include "src/core/generation.hpp"
#include "src/subsystem/connection_channel.hpp"
#include "src/worker/activities_of.hpp"

#include <string>
#include <unistd.h>
#include <utility>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;

ApplicationOptions checked(ApplicationOptions options) {
    hourglass::detail::validate(options.client);
    if (options.telemetry.measurement_interval <= 0ms) {
        throw ConfigurationError{
            "TelemetryOptions::measurement_interval is " +
            std::to_string(options.telemetry.measurement_interval.count()) +
            " ms; it must be more than 0"
        };
    }
    const auto heartbeats = options.telemetry.worker_heartbeat_interval;
    if (heartbeats && (*heartbeats < 1s || *heartbeats > 60s)) {
        throw ConfigurationError{
            "TelemetryOptions::worker_heartbeat_interval is " +
            std::to_string(heartbeats->count()) + " ms; it must be 1 to 60 s, or not set"
        };
    }
    if (options.start_runtime) {
        // Looked up once; whoever comes later finds them in the options.
        options.default_worker.activities = worker::activities_of(options.default_worker);
    }
    return options;
}

bool has_isolated_activities(const ApplicationOptions& options) {
    return options.start_runtime && options.default_worker.activities->any_isolated();
}

// Before the tree's first thread: afterwards it would be too late.
void start_isolation(const ApplicationOptions& options) {
    if (has_isolated_activities(options)) {
        isolation::start();
    }
}

/// The parent's server is the parent's.
void start_isolation_in_child(const ApplicationOptions& options) {
    if (!activity::isolation::had_server() && !has_isolated_activities(options)) {
        return;
    }
    try {
        isolation::start();
    } catch (const Error& error) {
        log::error(
            "this forked process cannot run isolated activities: their attempts fail here. Use the "
            "Application, or call hourglass::isolation::start(), before the first thread of the "
            "process",
            {{"reason", error.what()}}
        );
    }
}

std::shared_ptr<Directory> ended_directory() {
    auto directory = std::make_shared<Directory>();
    directory->end_calls(subsystem_has_ended());
    return directory;
}

}  // namespace

LivingTree::LivingTree(ApplicationOptions options, core::Connect connect)
    : options_{checked(std::move(options))},
      connect_{std::move(connect)},
      first_process_{::getpid()} {
    start_isolation(options_);
    if (options_.start_runtime && options_.start_default_worker) {
        options_.default_worker.validate();
        static_cast<void>(book_->enter(options_.default_worker, WorkerBook::kDefaultWorker));
    }
    Here& here = here_.get();
    const std::lock_guard starting{here.starting};
    start(here);
    first_generation_ = core::generation::current();
}

void LivingTree::start(Here& here) {
    RunningTree::Options options{
        .application = options_,
        .book = book_,
        .directory = std::make_shared<Directory>(),
        .forked = first_epoch_ != fork::process_epoch(),
        .connect = connect_,
    };
    options.directory->credentials = credentials_;
    auto& client = options.application.client;
    if (options.forked) {
        client.identity = client::identity_in_child(client.identity);
        log::warn(
            "every handle of this process is stale, because it was forked: its supervision tree is "
            "made anew",
            {{"generation", std::to_string(core::generation::current())},
             {"stale_generation", std::to_string(first_generation_)},
             {"first_process", std::to_string(first_process_)},
             {"identity", client.identity}}
        );
        start_isolation_in_child(options_);
        book_->forked();
    } else if (client.identity.empty()) {
        client.identity = client::default_identity();
    }
    {
        const std::lock_guard lock{here.mutex};
        here.directory = options.directory;
    }
    try {
        auto tree = std::make_shared<RunningTree>(options);
        const std::lock_guard lock{here.mutex};
        here.tree = std::move(tree);
    } catch (...) {
        options.directory->end_calls(subsystem_has_ended());
        const std::lock_guard lock{here.mutex};
        here.directory = nullptr;
        throw;
    }
}

std::shared_ptr<RunningTree> LivingTree::find_or_start(Here& here) {
    const std::lock_guard starting{here.starting};
    if (auto tree = tree_of(here)) {
        return tree;
    }
    if (!stopped_) {
        start(here);
    }
    return tree_of(here);
}

std::shared_ptr<RunningTree> LivingTree::tree_of(Here& here) {
    const std::lock_guard lock{here.mutex};
    return here.tree;
}

std::shared_ptr<RunningTree> LivingTree::get() {
    if (auto tree = find_or_start(here_.get())) {
        return tree;
    }
    throw SubsystemGaveUpError{
        "the supervision tree has ended, before this process was forked or with its Application"
    };
}

std::shared_ptr<Directory> LivingTree::directory() {
    Here& here = here_.get();
    {
        const std::lock_guard lock{here.mutex};
        if (here.directory) {
            return here.directory;
        }
    }
    static_cast<void>(find_or_start(here));
    const std::lock_guard lock{here.mutex};
    if (!here.directory) {
        here.directory = ended_directory();
    }
    return here.directory;
}

void LivingTree::stop() {
    stopped_ = true;
    Here& here = here_.get();
    std::shared_ptr<RunningTree> tree;
    {
        const std::lock_guard starting{here.starting};  // what starts now is to be stopped, too
        tree = tree_of(here);
    }
    if (tree) {
        tree->stop();
    }
}

void LivingTree::close() {
    stop();
    book_->clear();
    ApplicationOptions options;  // may hold clients, and so this object; ends after the lock
    Here& here = here_.get();
    std::shared_ptr<RunningTree> dropped;
    const std::lock_guard starting{here.starting};
    const std::lock_guard lock{here.mutex};
    dropped.swap(here.tree);
    std::swap(options, options_);  // nobody starts a tree from them any more
    connect_ = nullptr;
}

}  // namespace hourglass::subsystem
