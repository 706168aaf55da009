#include "src/worker/evaluation_watch.hpp"

#include "hourglass/base/log.hpp"
#include "src/supervision/abandon.hpp"
#include "src/worker/registration.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace hourglass::worker {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

constexpr milliseconds kTick{250};
// A look that comes later than this says that the process stood still, or the machine.
constexpr milliseconds kStoodStill{500};

void answer_evictions(const std::vector<std::shared_ptr<TaskLease>>& evictions) {
    for (const auto& lease : evictions) {
        workflow::Completion answer;
        workflow::answer_empty(lease->key(), answer);
        // False: its registration has ended, and the eviction with it.
        static_cast<void>(lease->answer(answer.SerializeAsString()));
    }
}

}  // namespace

bool debugger_attached() {
    std::ifstream status{"/proc/self/status"};
    std::string word;
    while (status >> word) {
        if (word == "TracerPid:") {
            int tracer = 0;
            return static_cast<bool>(status >> tracer) && tracer != 0;
        }
    }
    return false;
}

bool debug_mode() {
    const char* const value = std::getenv("TEMPORAL_DEBUG");
    return value != nullptr && *value != '\0';
}

struct EvaluationWatch::GivenUp {
    Kept kept;
    bool eviction;
    supervision::Pid process;
    milliseconds took;
    std::string place;
};

EvaluationWatch::Watched EvaluationWatch::watch(const Subject& subject) {
    const auto limit = subject.lease.registration()->options().deadlock_timeout;
    if (!options_.enabled || limit.count() <= 0) {
        return {};
    }
    const auto now = Clock::now();
    Entries watched;
    watched.push_back(
        {.subject = subject,
         .limit = limit,
         .eviction = workflow::is_eviction(subject.activation),
         .began = now,
         .deadline = now + limit,
         .process = supervision::running_process()}
    );
    const auto entry = watched.begin();
    const std::lock_guard lock{mutex_};
    arm();
    entries_.splice(entries_.end(), watched);
    return Watched{shared_from_this(), entry};
}

EvaluationWatch::Kept EvaluationWatch::kept_of(const Subject& subject) {
    Kept kept{
        .lease = subject.lease.shared_from_this(),
        .run_id = subject.activation.run_id(),
        .task_queue = subject.lease.registration()->task_queue()
    };
    for (const auto& job : subject.activation.jobs()) {
        if (job.has_initialize_workflow()) {
            // The run reads its own information from here, perhaps at this moment.
            kept.workflow_type = job.initialize_workflow().workflow_type();
            kept.workflow_id = job.initialize_workflow().workflow_id();
            return kept;
        }
    }
    kept.workflow_type = subject.run.workflow_type();
    kept.workflow_id = subject.run.workflow_id();
    return kept;
}

std::vector<log::Field> EvaluationWatch::fields_of(const Kept& kept) {
    return {
        {"workflow_type", kept.workflow_type},
        {"workflow_id", kept.workflow_id},
        {"run_id", kept.run_id},
        {"task_queue", kept.task_queue},
    };
}

bool EvaluationWatch::Watched::in_time() {
    if (!watch_) {
        return true;
    }
    const std::lock_guard lock{watch_->mutex_};
    entry_->running = false;
    return !entry_->given_up || entry_->eviction;
}

EvaluationWatch::Watched::~Watched() {
    if (!watch_) {
        return;
    }
    Entries ended;
    {
        const std::lock_guard lock{watch_->mutex_};
        ended.splice(ended.begin(), watch_->entries_, entry_);
    }
    const Entry& entry = ended.front();
    if (entry.given_up) {
        auto fields = fields_of(*entry.given_up);
        fields.push_back(
            {"took_ms",
             std::to_string(duration_cast<milliseconds>(Clock::now() - entry.began).count())}
        );
        log::warn("workflow code that had been given up has returned", std::move(fields));
    }
    answer_evictions(entry.evictions);
}

bool EvaluationWatch::keep_eviction(
    const std::shared_ptr<TaskLease>& lease, const std::string& run_id
) {
    const std::lock_guard lock{mutex_};
    for (Entry& entry : entries_) {
        if (entry.given_up && entry.given_up->run_id == run_id &&
            entry.given_up->lease->registration() == lease->registration()) {
            entry.evictions.push_back(lease);
            return true;
        }
    }
    return false;
}

void EvaluationWatch::arm() {
    if (armed_) {
        return;
    }
    armed_ = true;
    next_tick_ = Clock::now() + kTick;
    timers_->after(kTick, [me = weak_from_this()] {
        if (const auto watch = me.lock()) {
            watch->tick();
        }
    });
}

void EvaluationWatch::tick() {
    const auto now = Clock::now();
    {
        const std::lock_guard lock{mutex_};
        armed_ = false;
        if (entries_.empty()) {
            return;
        }
        // Nobody's fault: a process that was stopped, or a machine that has too much to do.
        if (const auto late = now - next_tick_; late > kStoodStill) {
            for (Entry& entry : entries_) {
                entry.deadline += late;
            }
        }
        arm();
    }
    check(now);
}

void EvaluationWatch::check(Clock::time_point now) {
    std::vector<GivenUp> found;
    std::vector<Kept> keep_the_worker;
    Leases evictions;
    {
        const std::lock_guard lock{mutex_};
        for (Entry& entry : entries_) {
            if (!entry.given_up && entry.running && now >= entry.deadline) {
                if (options_.paused()) {
                    entry.deadline = now + entry.limit;
                    continue;
                }
                entry.given_up = kept_of(entry.subject);
                found.push_back(
                    {*entry.given_up,
                     entry.eviction,
                     entry.process,
                     duration_cast<milliseconds>(now - entry.began),
                     entry.subject.run.running_place()}
                );
            }
            if (entry.given_up && entry.given_up->lease->registration()->shutting_down()) {
                evictions.insert(evictions.end(), entry.evictions.begin(), entry.evictions.end());
                entry.evictions.clear();
                if (!std::exchange(entry.told_at_shutdown, true)) {
                    keep_the_worker.push_back(*entry.given_up);
                }
            }
        }
    }
    for (GivenUp& each : found) {
        give_up(std::move(each));
    }
    for (const Kept& each : keep_the_worker) {
        log::error(
            "the worker shuts down while workflow code has not returned: its thread is left "
            "behind, and ends with the process",
            fields_of(each)
        );
    }
    answer_evictions(evictions);
}

void EvaluationWatch::give_up(GivenUp found) {
    const Kept& kept = found.kept;
    const std::string message =
        "[TMPRL1101] workflow '" + kept.workflow_type + "' (id '" + kept.workflow_id + "', run '" +
        kept.run_id + "') has not come to its next await for " +
        std::to_string(found.took.count()) +
        " ms: its code must not sleep, wait for a lock, do I/O or loop without end. Put such work "
        "into an activity. The coroutine that runs had last come to:\n" +
        (found.place.empty() ? "    (no await)\n" : found.place);
    log::error(message, fields_of(kept));
    if (!found.eviction) {
        workflow::Completion failure;
        workflow::fail_task(kept.run_id, message, "PotentialDeadlock", failure);
        static_cast<void>(kept.lease->answer(failure.SerializeAsString()));
    }
    supervision::abandon(
        found.process, supervision::ExitReason::named("deadlock", "workflow " + kept.workflow_id)
    );
}

}  // namespace hourglass::worker
