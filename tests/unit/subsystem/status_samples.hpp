#pragma once

#include "src/subsystem/status_snapshot.hpp"

#include <chrono>

namespace hourglass::subsystem::test {

constexpr auto kEvilName = "<img src=x onerror=\"document.title='caught'\">&'";

inline supervision::ChildReport running(std::string id) {
    supervision::ChildReport child;
    child.id = std::move(id);
    child.state = supervision::ChildState::Running;
    child.uptime = std::chrono::minutes{5};
    return child;
}

/// A tree of two levels, a worker that is registered and one that is not; some names are evil.
inline StatusSnapshot sample() {
    StatusSnapshot snapshot;
    snapshot.tree_answers = true;
    snapshot.tree.strategy = "one_for_one";
    snapshot.tree.max_restarts = 3;
    snapshot.tree.within = std::chrono::seconds{5};
    snapshot.tree.restarts = 2;

    supervision::ChildReport holder = running("BridgeHolder");
    holder.restarts = 2;
    holder.mailbox_length = 7;
    holder.last_exit = supervision::ExitReason::crashed("<script>alert(1)</script>");
    supervision::ChildReport subsystem = running("Subsystem");
    subsystem.type = supervision::ChildType::Supervisor;
    subsystem.restart = supervision::Restart::Temporary;
    subsystem.strategy = "rest_for_one";
    subsystem.children = {holder, running(kEvilName)};
    snapshot.tree.children = {running("WorkflowStateCache"), subsystem};

    snapshot.workers = {
        {.task_queue = "default",
         .comes_back = true,
         .registered = true,
         .tasks_in_hand = 3,
         .max_concurrent_workflow_tasks = 100,
         .max_concurrent_activities = 50,
         .max_cached_workflows = 1000},
        {.task_queue = kEvilName, .max_task_queue_activities_per_second = 2.5},
    };
    snapshot.cached_workflows = 12;
    snapshot.running_activities = 4;
    snapshot.counters.restarts = {{"BridgeHolder", 2}, {"Runtime", 0}, {kEvilName, 1}};
    snapshot.counters.late_completions.activities_reported = 3;
    return snapshot;
}

}  // namespace hourglass::subsystem::test
