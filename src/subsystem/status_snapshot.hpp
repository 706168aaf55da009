#pragma once

#include "hourglass/subsystem/counters.hpp"
#include "hourglass/supervision/report.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::subsystem {

/// What becomes of the tree as a whole.
struct TreeLife {
    enum class Phase : std::uint8_t {
        Running,
        Stopping,  ///< in order, because somebody asked for it
        GaveUp,    ///< it will not come back by itself
    };
    Phase phase = Phase::Running;
    std::string reason = {};  ///< of GaveUp: the chain of reasons
};

/// One worker that this process should have: what its WorkerOptions allow, and what is in use.
struct WorkerStatus {
    std::string task_queue = {};
    bool comes_back = false;  ///< after a cascade; else its starter is told of its loss
    bool registered = false;  ///< with the server, so that it polls
    std::size_t tasks_in_hand = 0;
    std::uint32_t max_concurrent_workflow_tasks = 0;
    std::uint32_t max_concurrent_activities = 0;
    std::uint32_t max_cached_workflows = 0;
    std::optional<double> max_task_queue_activities_per_second = {};
};

/// All that the status page shows, as it was at one moment.
struct StatusSnapshot {
    TreeLife life = {};
    bool tree_answers = false;  ///< false: `tree` is empty, the root did not answer in time
    supervision::SupervisorReport tree = {};
    std::vector<WorkerStatus> workers = {};
    std::size_t cached_workflows = 0;    ///< of all workers of the process
    std::size_t running_activities = 0;  ///< attempts, of all workers, ended ones that linger too
    Counters counters = {};
};

/// How worried to be about a node: its colour.
enum class Level : std::uint8_t {
    Ok,
    Changing,  ///< on its way up or down, or up again for less than 10 s
    Down,      ///< it should run and does not, or does not answer
    Ended,     ///< it has ended, and that was in order
};
[[nodiscard]] Level level_of(const supervision::ChildReport& child);

/// "running", "stopping", "gave_up".
[[nodiscard]] std::string_view to_text(TreeLife::Phase phase) noexcept;
/// "ok", "changing", "down", "ended": in /tree.json, and the class of the node in the page.
[[nodiscard]] std::string_view to_text(Level level) noexcept;

}  // namespace hourglass::subsystem
