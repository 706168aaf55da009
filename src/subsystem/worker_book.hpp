#pragma once

#include "hourglass/supervision/report.hpp"
#include "hourglass/worker/worker_options.hpp"
#include "src/base/fork.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hourglass::subsystem {

/// Which workers this process should have, whatever becomes of their processes: the default one,
/// and those that callers started. It outlives every cascade, and a fork.
/// @threads any; the lock is a leaf, and subscribers run outside it.
class WorkerBook {
public:
    using LostCallback = std::function<void(const std::string& task_queue)>;
    /// Tells calls of `start_worker` apart, so that one that is made again after a cascade knows
    /// its own entry.
    using Ticket = std::uint64_t;
    static constexpr Ticket kDefaultWorker = 0;

    [[nodiscard]] Ticket next_ticket();

    /// Enters a worker, to be started now.
    /// @returns false if there is one of that queue under another ticket.
    [[nodiscard]] bool enter(const WorkerOptions& options, Ticket ticket);
    /// The caller of `start_worker` was told that its worker runs. Until then a cascade is the
    /// tree's own business: the launcher starts it again.
    /// @returns false if it was struck out meanwhile, by a caller of `stop_worker`.
    [[nodiscard]] bool confirm(const std::string& task_queue);
    /// @returns false if there was no such worker.
    bool remove(const std::string& task_queue);
    [[nodiscard]] bool contains(const std::string& task_queue) const;

    struct Listed {
        WorkerOptions options;
        bool comes_back = false;  ///< after a cascade
    };
    /// In the order of their entering, the default worker first.
    [[nodiscard]] std::vector<Listed> workers() const;
    void on_lost(LostCallback callback);
    /// Told as soon as one is struck out; one at a time, that of this process's tree.
    void count_lost(LostCallback counter);

    /// Compares with the workers that run. Those that must always be there, or whose start is under
    /// way, are returned, to be started. The others are struck out, counted, logged as
    /// DynamicWorkerLost, and kept for `tell_lost`.
    [[nodiscard]] std::vector<WorkerOptions> missing(
        const std::vector<supervision::ChildReport>& running
    );
    /// Tells the subscribers of each worker that was struck out, once. Apart from `missing`, so
    /// that nobody who starts waits for a subscriber, which may wait for the start.
    void tell_lost();

    /// Lets go of all that is the user's: it may hold clients, and so whoever owns this book.
    void clear();

    /// In a forked child: identities that were given become the child's own. Nobody is there who
    /// waits for a `start_worker` that was under way, so its worker counts as one that ran.
    void forked();

    [[nodiscard]] std::chrono::milliseconds longest_grace_period() const;

private:
    struct Entry {
        WorkerOptions options;
        Ticket ticket = kDefaultWorker;
        std::string given_identity = options.identity;
        bool confirmed = false;

        [[nodiscard]] bool is_kept() const;
    };
    [[nodiscard]] const Entry* find(const std::string& task_queue) const;
    /// With the lock held.
    template <class Match>
    std::vector<Entry> take_out(Match match);

    mutable fork::LeafMutex mutex_;
    std::vector<Entry> entries_;
    // Shared: a copy of the user's own callable is the user's code, and not for under the lock.
    std::vector<std::shared_ptr<const LostCallback>> lost_callbacks_;
    std::vector<std::string> untold_;
    LostCallback count_lost_;
    Ticket last_ticket_ = kDefaultWorker;
};

}  // namespace hourglass::subsystem
