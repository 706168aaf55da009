#include "src/subsystem/running_tree.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"

#include <chrono>
#include <utility>

namespace hourglass::subsystem {
namespace {

using supervision::ExitReason;

// The nodes' own limits come first, and two grace periods at most: the workers', and that of
// attempts which outlived theirs. This only bounds a tree in which a node is broken.
constexpr std::chrono::minutes kStopMargin{1};
// What a late report may take once everything else has ended.
constexpr std::chrono::seconds kLastReports{5};
// What Core may take to finalize the workers of a tree that did not end in order.
constexpr std::chrono::seconds kLastReapings{5};

/// Null if there is to be none.
std::unique_ptr<StatusPage> make_page(const StatusPageOptions& options, bool forked) {
    if (!options.enabled) {
        return nullptr;
    }
    try {
        return std::make_unique<StatusPage>(options);
    } catch (const ConfigurationError& error) {
        if (!forked) {
            throw;
        }
        log::error(
            "this forked process has no status page; port 0 would give each its own",
            {{"reason", error.what()}}
        );
        return nullptr;
    }
}

std::shared_ptr<Meter> make_meter(
    TelemetryOptions options, const std::shared_ptr<CounterBook>& counters, bool forked
) {
    try {
        return std::make_shared<Meter>(options, counters);
    } catch (const ConfigurationError& error) {
        if (!forked) {
            throw;
        }
        log::error(
            "this forked process tells its metrics to nobody; port 0 would give each its own",
            {{"reason", error.what()}}
        );
        options.prometheus_address.clear();
        return std::make_shared<Meter>(options, counters);
    }
}

}  // namespace

RunningTree::RunningTree(const Options& options)
    : page_{make_page(options.application.status_page, options.forked)},
      meter_{make_meter(options.application.telemetry, counters_, options.forked)},
      system_{{.threads = options.application.threads}},
      tree_{
          options.application,
          options.book,
          options.directory,
          system_,
          counters_,
          meter_,
          options.connect
      },
      status_{tree_.status(system_)} {
    if (page_) {
        page_->show(status_);
    }
}

RunningTree::~RunningTree() {
    stop();
}

std::string RunningTree::status_page_address() const {
    return page_ ? page_->address() : std::string{};
}

const supervision::Pid& RunningTree::vital_node() const {
    return tree_.subsystem() ? tree_.subsystem() : tree_.root().pid();
}

void RunningTree::stop() {
    if (system_.is_own_thread()) {  // before anything has stopped: the next caller can still do it
        throw ConfigurationError{
            "the Application cannot be stopped by its own tree, in a callback of on_worker_lost "
            "for "
            "one: the tree would wait for itself. Stop it from another thread"
        };
    }
    const std::lock_guard lock{stop_mutex_};
    if (std::exchange(stopped_, true)) {
        return;
    }
    stop_requested_.set_value();
    status_->stopping();
    const auto limit = 2 * tree_.book().longest_grace_period() + kStopMargin;
    system_.stop(tree_.root().pid(), ExitReason::shutdown(), limit).wait();
    // After the tree: while workers drain, which may take their whole grace period, people want to
    // see it and probes want an answer. Before the system: whoever is being answered gets it.
    if (page_) {
        page_->stop();
    }
    system_.shutdown();
    tree_.idle_processes().close();
    if (!tree_.services().late->wait_until_sent(kLastReports)) {
        log::warn("results of activities did not reach the server in time; it times them out");
    }
    if (!tree_.directory()->reapings.none().wait_for(kLastReapings)) {
        log::warn("Core has not finalized its workers in time; they are left behind");
    }
    meter_->close();  // behind everything that counts
    tree_.directory()->connection.drop();
}

}  // namespace hourglass::subsystem
