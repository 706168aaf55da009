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

std::vector<log::Field> fields_of(const EvaluationWatch::Subject& subject) {
    return {
        {"workflow_type", subject.workflow_type},
        {"workflow_id", subject.workflow_id},
        {"run_id", subject.run_id},
        {"task_queue", subject.lease->registration()->task_queue()},
    };
}

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
    Subject subject;
    supervision::Pid process;
    milliseconds took;
    std::string place;
};

EvaluationWatch::Watched EvaluationWatch::watch(Subject subject) {
    if (!options_.enabled || subject.limit.count() <= 0) {
        return {};
    }
    const auto now = Clock::now();
    const std::lock_guard lock{mutex_};
    auto& entry = entries_.emplace_back();
    entry.subject = std::move(subject);
    entry.began = now;
    entry.deadline = now + entry.subject.limit;
    entry.process = supervision::running_process();
    arm();
    return Watched{shared_from_this(), std::prev(entries_.end())};
}

bool EvaluationWatch::Watched::in_time() {
    if (!watch_) {
        return true;
    }
    const std::lock_guard lock{watch_->mutex_};
    entry_->subject.run = nullptr;
    return !entry_->given_up || entry_->subject.eviction;
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
        auto fields = fields_of(entry.subject);
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
        if (entry.given_up && entry.subject.run_id == run_id &&
            entry.subject.lease->registration() == lease->registration()) {
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
    std::vector<Subject> keep_the_worker;
    Leases evictions;
    {
        const std::lock_guard lock{mutex_};
        for (Entry& entry : entries_) {
            Subject& subject = entry.subject;
            if (!entry.given_up && subject.run != nullptr && now >= entry.deadline) {
                if (options_.paused()) {
                    entry.deadline = now + subject.limit;
                    continue;
                }
                entry.given_up = true;
                found.push_back(
                    {subject,
                     entry.process,
                     duration_cast<milliseconds>(now - entry.began),
                     subject.run->running_place()}
                );
            }
            if (entry.given_up && subject.lease->registration()->shutting_down()) {
                evictions.insert(evictions.end(), entry.evictions.begin(), entry.evictions.end());
                entry.evictions.clear();
                if (!std::exchange(entry.told_at_shutdown, true)) {
                    keep_the_worker.push_back(subject);
                }
            }
        }
    }
    for (GivenUp& each : found) {
        give_up(std::move(each));
    }
    for (const Subject& each : keep_the_worker) {
        log::error(
            "the worker shuts down while workflow code has not returned: its thread is left "
            "behind, and ends with the process",
            fields_of(each)
        );
    }
    answer_evictions(evictions);
}

void EvaluationWatch::give_up(GivenUp found) {
    const Subject& subject = found.subject;
    const std::string message =
        "[TMPRL1101] workflow '" + subject.workflow_type + "' (id '" + subject.workflow_id +
        "', run '" + subject.run_id + "') has not come to its next await for " +
        std::to_string(found.took.count()) +
        " ms: its code must not sleep, wait for a lock, do I/O or loop without end. Put such work "
        "into an activity. The coroutine that runs had last come to:\n" +
        (found.place.empty() ? "    (no await)\n" : found.place);
    log::error(message, fields_of(subject));
    if (!subject.eviction) {
        workflow::Completion failure;
        workflow::fail_task(subject.run_id, message, "PotentialDeadlock", failure);
        static_cast<void>(subject.lease->answer(failure.SerializeAsString()));
    }
    supervision::abandon(
        found.process, supervision::ExitReason::named("deadlock", "workflow " + subject.workflow_id)
    );
}

}  // namespace hourglass::worker
