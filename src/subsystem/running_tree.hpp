#pragma once

#include "hourglass/subsystem/application_options.hpp"
#include "hourglass/supervision/system.hpp"
#include "src/subsystem/application_tree.hpp"
#include "src/subsystem/status_page.hpp"

#include <memory>
#include <mutex>
#include <string>

namespace hourglass::subsystem {

/// A tree with the threads that it runs on and the page that shows it, in the process where it was
/// made.
class RunningTree {
public:
    struct Options {
        ApplicationOptions application;  ///< with an identity of this process
        std::shared_ptr<WorkerBook> book;
        std::shared_ptr<Directory> directory;
        /// The ports of its status page and for Prometheus may be its parent's: then it is without,
        /// and says so.
        bool forked = false;
        core::Connect connect = &core::Connection::connect;
    };

    /// Starts it.
    /// @throws ConfigurationError, SubsystemGaveUpError as Application's constructor does.
    explicit RunningTree(const Options& options);
    /// As `stop()`.
    ~RunningTree();
    RunningTree(const RunningTree&) = delete;
    RunningTree& operator=(const RunningTree&) = delete;

    [[nodiscard]] const ApplicationTree& nodes() const { return tree_; }
    [[nodiscard]] Counters counters() const { return counters_->read(); }
    [[nodiscard]] Meter& meter() const { return *meter_; }
    /// Empty without one.
    [[nodiscard]] const std::string& prometheus_address() const {
        return meter_->prometheus_address();
    }
    /// Empty without a status page.
    [[nodiscard]] std::string status_page_address() const;
    /// The node whose end is the end of it all.
    [[nodiscard]] const supervision::Pid& vital_node() const;
    [[nodiscard]] Future<supervision::ExitReason> vital_node_ended() const {
        return ended(vital_node());
    }
    [[nodiscard]] Future<supervision::ExitReason> ended(const supervision::Pid& node) const {
        return system_.ended(node);
    }
    /// Ready as soon as somebody has called `stop`.
    [[nodiscard]] Future<void> stop_requested() const { return stop_requested_.future(); }

    /// In order; returns when it has stopped. Idempotent.
    void stop();

private:
    // Takes its address before anything else starts: one that is not to be had ends it all here.
    std::unique_ptr<StatusPage> page_;
    std::shared_ptr<CounterBook> counters_ = std::make_shared<CounterBook>();
    std::shared_ptr<Meter> meter_;
    supervision::ThreadedSystem system_;
    ApplicationTree tree_;
    std::shared_ptr<TreeStatus> status_;
    std::mutex stop_mutex_;
    bool stopped_ = false;
    Promise<void> stop_requested_;
};

}  // namespace hourglass::subsystem
