#include "src/subsystem/tree_json.hpp"

#include "src/subsystem/counter_series.hpp"
#include "src/subsystem/status_health.hpp"

#include <nlohmann/json.hpp>

#include <chrono>

namespace hourglass::subsystem {
namespace {

using nlohmann::json;
using supervision::ChildReport;
using supervision::SupervisorReport;

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

json nodes(const std::vector<ChildReport>& children);

json node(const ChildReport& child) {
    return {
        {"id", child.id},
        {"pid", child.pid ? json(child.pid.text()) : json(nullptr)},
        {"type", supervision::to_text(child.type)},
        {"strategy", child.strategy},
        {"restart", supervision::to_text(child.restart)},
        {"state", supervision::to_text(child.state)},
        {"level", to_text(level_of(child))},
        {"restarts", child.restarts},
        {"last_exit", child.last_exit ? json(child.last_exit->text()) : json(nullptr)},
        {"uptime_seconds", seconds(child.uptime)},
        {"mailbox_length", child.mailbox_length},
        {"abandoned", child.abandoned},
        {"answers", !child.unavailable},
        {"children", nodes(child.children)},
    };
}

json nodes(const std::vector<ChildReport>& children) {
    json list = json::array();
    for (const ChildReport& child : children) {
        list.push_back(node(child));
    }
    return list;
}

json root(const SupervisorReport& tree) {
    return {
        {"pid", tree.pid.text()},
        {"strategy", tree.strategy},
        {"restarts", tree.restarts},
        {"max_restarts", tree.max_restarts},
        {"within_seconds", seconds(tree.within)},
        {"mailbox_length", tree.pid.mailbox_length()},
        {"abandoned", tree.abandoned},
        {"children", nodes(tree.children)},
    };
}

json worker(const WorkerStatus& status) {
    const auto& rate = status.max_task_queue_activities_per_second;
    return {
        {"task_queue", status.task_queue},
        {"registered", status.registered},
        {"comes_back", status.comes_back},
        {"tasks_in_hand", status.tasks_in_hand},
        {"max_concurrent_workflow_tasks", status.max_concurrent_workflow_tasks},
        {"max_concurrent_activities", status.max_concurrent_activities},
        {"max_cached_workflows", status.max_cached_workflows},
        {"max_task_queue_activities_per_second", rate ? json(*rate) : json(nullptr)},
    };
}

json counters(const Counters& counters) {
    json list = json::array();
    for (const CounterSeries& series : series_of(counters)) {
        json labels = json::object();
        for (const auto& [name, value] : series.labels) {
            labels[name] = value;
        }
        list.push_back(
            {{"name", series.name}, {"labels", std::move(labels)}, {"value", series.value}}
        );
    }
    return list;
}

json health(const StatusSnapshot& snapshot) {
    const Health ready = readiness(snapshot.life, snapshot.workers);
    return {
        {"phase", to_text(snapshot.life.phase)},
        {"alive", liveness(snapshot.life).good},
        {"ready", ready.good},
        {"text", ready.text},
    };
}

}  // namespace

std::string tree_json(const StatusSnapshot& snapshot) {
    json workers = json::array();
    for (const WorkerStatus& status : snapshot.workers) {
        workers.push_back(worker(status));
    }
    const json all = {
        {"health", health(snapshot)},
        {"root", snapshot.tree_answers ? root(snapshot.tree) : json(nullptr)},
        {"workers", std::move(workers)},
        {"cached_workflows", snapshot.cached_workflows},
        {"running_activities", snapshot.running_activities},
        {"counters", counters(snapshot.counters)},
    };
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace hourglass::subsystem
