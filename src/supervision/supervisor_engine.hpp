#pragma once

#include "hourglass/supervision/supervisor.hpp"
#include "src/supervision/managed_child.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::supervision {

/// The supervisor's machine: one operation at a time, each "stop these, then start those"; others
/// wait in a queue.
///
/// An operation goes on when the child it waits for has started or ended. An end that nobody waits
/// for joins the queue as an operation of its own; if an operation before it stops or restarts that
/// child, it finds nothing to do. Only the order to stop everything does not queue: it takes the
/// place of the operation under way.
class Supervisor::Engine {
public:
    Engine(Supervisor& owner, SupervisorSpec spec);

    void start_all();
    void stop_all(ExitReason reason);
    void start_child(ChildSpec spec, Reply<Pid> reply);
    void restart_child(std::string id, Reply<Pid> reply);
    void terminate_child(std::string id, Reply<void> reply);
    void delete_child(std::string id, Reply<void> reply);

    [[nodiscard]] Pid child(std::string_view id) const;
    [[nodiscard]] std::vector<ChildReport> which_children() const;
    [[nodiscard]] SupervisorReport report() const;

private:
    using Child = detail::ManagedChild;

    struct Operation {
        std::deque<std::string> stop = {};
        std::deque<std::string> start = {};
        bool is_restart = false;
        UniqueFunction<void()> done = {};
        /// A start failed: what was not started yet stays so, and the operation is over.
        UniqueFunction<void(Child&, const ExitReason&)> failed = {};
    };

    void enqueue(UniqueFunction<void()> begin);
    void pump();
    void step();
    void stop_step(Child& child);
    void start_step(Child& child);

    void child_started(std::uint64_t launch, const detail::StartOutcome& outcome);
    void start_failed(Child& child, const ExitReason& reason);
    void child_ended(std::uint64_t launch, const ExitReason& reason);
    void handle_end(std::uint64_t launch, const ExitReason& reason);
    /// Counts a restart. @returns false if that is one too many.
    [[nodiscard]] bool may_restart(Child& child);
    void restart(const Child& child);
    void try_again(const std::string& id, const ExitReason& reason);
    void give_up(Child& child, const ExitReason& reason);

    [[nodiscard]] std::vector<Child*> affected_by(const Child& child) const;
    /// The ids of those that start again when `child` does.
    [[nodiscard]] std::vector<std::string> restarted_with(const Child& child) const;
    Child* find(std::string_view id) const;
    Child* find_launch(std::uint64_t launch) const;
    void forget(const Child& child);
    void forget_if_temporary(const Child& child);
    void wait_is_over(const Child& child);

    Supervisor& owner_;
    detail::Cell& cell_;
    SupervisorSpec spec_;
    detail::RestartIntensity intensity_;
    detail::ChildEvents events_;
    std::vector<std::unique_ptr<Child>> children_;  // in the order of their start
    std::deque<UniqueFunction<void()>> queue_;
    std::optional<Operation> operation_;
    std::optional<Operation>
        interrupted_;  // kept for its Reply, which the end of this process answers
    const Child* awaited_ = nullptr;
    std::size_t abandoned_before_ = 0;  // by children that are forgotten now
    bool pumping_ = false;
    bool stopping_ = false;
};

}  // namespace hourglass::supervision
