#include "src/subsystem/tree_status.hpp"

#include "hourglass/base/error.hpp"
#include "src/worker/worker_link.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace hourglass::subsystem {
namespace {

using supervision::ExitReason;
using supervision::Pid;
using supervision::Registry;
using worker::Registration;
using worker::WorkerLink;

using Registered = std::shared_ptr<Registration>;

// A healthy process answers within milliseconds; one that does not is shown as not answering.
constexpr std::chrono::seconds kAnswer{1};
// More than a supervisor gives those below it (SupervisorBase::kReportTimeout).
constexpr std::chrono::seconds kReport{3};

/// The addresses of the workers' links, in the order of `workers`.
std::vector<Pid> links_of(
    const supervision::Ref<Registry>& registry, const std::vector<WorkerBook::Listed>& workers
) {
    return registry
        .call(
            [workers](Registry& names) {
                std::vector<Pid> links;
                for (const auto& each : workers) {
                    links.push_back(names.find(each.options.task_queue));
                }
                return links;
            },
            kAnswer
        )
        .get();
}

Registered answer_of(const Future<Registered>& asked) {
    asked.wait();  // it has a timeout of its own
    return asked.error() ? nullptr : asked.get();
}

/// The workers' registrations, in the order of `workers`; null for one that is not registered, or
/// is about to go.
std::vector<Registered> registrations_of(
    const supervision::Ref<Registry>& registry, const std::vector<WorkerBook::Listed>& workers
) {
    std::vector<Registered> registrations(workers.size());
    try {
        std::vector<Future<Registered>> asked;  // all of them at once
        for (const Pid& link : links_of(registry, workers)) {
            asked.push_back(link.as<WorkerLink>().call(&WorkerLink::registration, kAnswer));
        }
        for (std::size_t i = 0; i < asked.size(); ++i) {
            registrations[i] = answer_of(asked[i]);
        }
    } catch (const supervision::CallError&) {
        // No registry: a cascade is going on, or the tree has ended. Then nobody is registered.
    }
    return registrations;
}

WorkerStatus status_of(const WorkerBook::Listed& listed, const Registered& registration) {
    const WorkerOptions& options = listed.options;
    const bool registered =
        registration && !registration->revoked() && !registration->shutting_down();
    return {
        .task_queue = options.task_queue,
        .comes_back = listed.comes_back,
        .registered = registered,
        .tasks_in_hand = registration ? registration->outstanding() : 0,
        .max_concurrent_workflow_tasks = options.max_concurrent_workflow_tasks,
        .max_concurrent_activities = options.max_concurrent_activities,
        .max_cached_workflows = options.max_cached_workflows,
        .max_task_queue_activities_per_second = options.max_task_queue_activities_per_second,
    };
}

bool has_ended(const Future<ExitReason>& process) {
    return process.valid() && process.ready();
}

}  // namespace

TreeStatus::TreeStatus(Parts parts) : parts_{std::move(parts)} {}

void TreeStatus::stopping() {
    stopping_ = life().phase != TreeLife::Phase::GaveUp;
}

TreeLife TreeStatus::life() const {
    if (stopping_) {
        return {.phase = TreeLife::Phase::Stopping};
    }
    for (const auto& ended : {parts_.subsystem_ended, parts_.root_ended}) {
        if (has_ended(ended)) {
            return {.phase = TreeLife::Phase::GaveUp, .reason = ended.get().text()};
        }
    }
    return {};
}

std::vector<WorkerStatus> TreeStatus::workers() const {
    const auto listed = parts_.book->workers();
    const auto registrations = registrations_of(parts_.directory->registry.get(), listed);
    std::vector<WorkerStatus> workers;
    for (std::size_t i = 0; i < listed.size(); ++i) {
        workers.push_back(status_of(listed[i], registrations[i]));
    }
    return workers;
}

StatusSnapshot TreeStatus::take_snapshot() const {
    const auto report = supervision::SupervisorBase::report(parts_.root);
    StatusSnapshot snapshot{.life = life(), .workers = workers()};
    if (const auto runs = parts_.directory->runs.get()) {
        snapshot.cached_workflows = runs->size();
    }
    snapshot.running_activities = parts_.attempts->size();
    snapshot.counters = parts_.counters->read();
    if (report.wait_for(kReport) && !report.error()) {
        snapshot.tree = report.get();
        snapshot.tree_answers = true;
    }
    return snapshot;
}

}  // namespace hourglass::subsystem
