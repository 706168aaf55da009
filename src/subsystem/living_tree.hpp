#pragma once

#include "hourglass/subsystem/application_options.hpp"
#include "src/base/per_process.hpp"
#include "src/subsystem/running_tree.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <sys/types.h>

namespace hourglass::subsystem {

/// Where everybody outside of the tree finds it: the Application's own methods, and its clients,
/// which may outlive it.
///
/// In a forked child the inherited tree has no threads, and its connections are the parent's. So
/// whoever comes first there gets a new tree, from the same options and the same book of workers,
/// under an identity of its own. The inherited one is left as it is: nothing of it is destroyed,
/// waited for or written to. A child in which nobody comes has no tree.
/// @threads any.
class LivingTree {
public:
    /// Starts it in this process.
    /// @param connect  how it gets its connections, in forked children too.
    /// @throws as Application's constructor does.
    explicit LivingTree(
        ApplicationOptions options, core::Connect connect = &core::Connection::connect
    );
    LivingTree(const LivingTree&) = delete;
    LivingTree& operator=(const LivingTree&) = delete;

    /// As they were given.
    [[nodiscard]] const ApplicationOptions& options() const { return options_; }
    [[nodiscard]] WorkerBook& book() const { return *book_; }

    /// This process's tree, which may have been stopped.
    /// @throws SubsystemGaveUpError if it ended before this process was forked, or its Application
    /// is gone; what a start throws, if the start in a forked child fails.
    [[nodiscard]] std::shared_ptr<RunningTree> get();
    /// This process's tree, if it was started and its Application is still there; else null.
    [[nodiscard]] std::shared_ptr<RunningTree> find() { return tree_of(here_.get()); }
    /// What clients need of it, also after the end of the Application.
    /// @throws what a start throws, if the start in a forked child fails.
    [[nodiscard]] std::shared_ptr<Directory> directory();

    /// Stops this process's tree, if there is one; a forked child makes none from now on.
    void stop();
    /// As `stop()`, and lets go of it.
    void close();

private:
    struct Here {
        /// Held while a tree starts, which runs the user's code: what that may need is not behind
        /// it.
        std::mutex starting;
        std::mutex mutex;  ///< of the two below; a leaf
        std::shared_ptr<RunningTree> tree;
        std::shared_ptr<Directory> directory;  ///< there before its tree is
    };
    /// With `starting` held.
    void start(Here& here);
    /// Starts it, if there is none and may be one.
    [[nodiscard]] std::shared_ptr<RunningTree> find_or_start(Here& here);
    [[nodiscard]] static std::shared_ptr<RunningTree> tree_of(Here& here);

    ApplicationOptions options_;  // written by `close` only
    core::Connect connect_;       // so is this
    const std::shared_ptr<WorkerBook> book_ = std::make_shared<WorkerBook>();
    const std::shared_ptr<CredentialsInUse> credentials_ = std::make_shared<CredentialsInUse>();
    const std::uint64_t first_epoch_ = fork::process_epoch();
    const pid_t first_process_;
    std::uint64_t first_generation_ = 0;
    std::atomic<bool> stopped_{false};
    fork::PerProcess<Here> here_;
};

}  // namespace hourglass::subsystem
