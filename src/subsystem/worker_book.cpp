#include "src/subsystem/worker_book.hpp"

#include "hourglass/base/log.hpp"
#include "src/client/identity.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace hourglass::subsystem {
namespace {

bool runs(const std::vector<supervision::ChildReport>& running, const std::string& task_queue) {
    return std::ranges::any_of(running, [&](const auto& child) { return child.id == task_queue; });
}

void tell(const WorkerBook::LostCallback& callback, const std::string& task_queue) {
    try {
        callback(task_queue);
    } catch (const std::exception& error) {
        log::error(
            "a callback of Application::on_worker_lost threw",
            {{"task_queue", task_queue}, {"error", error.what()}}
        );
    } catch (...) {  // users may throw anything; the others have to hear of it all the same
        log::error("a callback of Application::on_worker_lost threw", {{"task_queue", task_queue}});
    }
}

}  // namespace

bool WorkerBook::Entry::is_kept() const {
    return ticket == kDefaultWorker || !confirmed || options.restart == WorkerRestart::Permanent;
}

WorkerBook::Ticket WorkerBook::next_ticket() {
    const std::lock_guard lock{mutex_};
    return ++last_ticket_;
}

const WorkerBook::Entry* WorkerBook::find(const std::string& task_queue) const {
    const auto found = std::ranges::find_if(entries_, [&](const Entry& entry) {
        return entry.options.task_queue == task_queue;
    });
    return found == entries_.end() ? nullptr : &*found;
}

bool WorkerBook::enter(const WorkerOptions& options, Ticket ticket) {
    const std::lock_guard lock{mutex_};
    if (const Entry* known = find(options.task_queue)) {
        return known->ticket == ticket;
    }
    entries_.push_back({options, ticket});
    return true;
}

bool WorkerBook::confirm(const std::string& task_queue) {
    const std::lock_guard lock{mutex_};
    for (Entry& entry : entries_) {
        if (entry.options.task_queue == task_queue) {
            entry.confirmed = true;
            return true;
        }
    }
    return false;
}

bool WorkerBook::remove(const std::string& task_queue) {
    std::vector<Entry> gone;  // ends after the lock is released: its objects are the user's
    const std::lock_guard lock{mutex_};
    gone = take_out([&](const Entry& entry) { return entry.options.task_queue == task_queue; });
    return !gone.empty();
}

void WorkerBook::clear() {
    std::vector<Entry> entries;  // these end after the lock is released: they are the user's
    std::vector<std::shared_ptr<const LostCallback>> callbacks;
    const std::lock_guard lock{mutex_};
    entries.swap(entries_);
    callbacks.swap(lost_callbacks_);
}

template <class Match>
std::vector<WorkerBook::Entry> WorkerBook::take_out(Match match) {
    std::vector<Entry> kept;
    std::vector<Entry> gone;
    for (Entry& entry : entries_) {
        (match(entry) ? gone : kept).push_back(std::move(entry));
    }
    entries_ = std::move(kept);
    return gone;
}

bool WorkerBook::contains(const std::string& task_queue) const {
    const std::lock_guard lock{mutex_};
    return find(task_queue) != nullptr;
}

std::vector<WorkerBook::Listed> WorkerBook::workers() const {
    const std::lock_guard lock{mutex_};
    std::vector<Listed> workers;
    for (const Entry& entry : entries_) {
        const bool permanent = entry.options.restart == WorkerRestart::Permanent;
        workers.push_back({entry.options, entry.ticket == kDefaultWorker || permanent});
    }
    return workers;
}

void WorkerBook::on_lost(LostCallback callback) {
    auto shared = std::make_shared<const LostCallback>(std::move(callback));
    const std::lock_guard lock{mutex_};
    lost_callbacks_.push_back(std::move(shared));
}

void WorkerBook::count_lost(LostCallback counter) {
    const std::lock_guard lock{mutex_};
    count_lost_.swap(counter);
}

std::vector<WorkerOptions> WorkerBook::missing(const std::vector<supervision::ChildReport>& running
) {
    std::vector<WorkerOptions> to_start;
    std::vector<std::string> lost;
    LostCallback count;
    std::vector<Entry> gone;  // ends after the lock is released: its objects are the user's
    {
        const std::lock_guard lock{mutex_};
        gone = take_out([&](const Entry& entry) {
            if (runs(running, entry.options.task_queue)) {
                return false;
            }
            if (!entry.is_kept()) {
                lost.push_back(entry.options.task_queue);
                return true;
            }
            to_start.push_back(entry.options);
            return false;
        });
        untold_.insert(untold_.end(), lost.begin(), lost.end());
        count = count_lost_;
    }
    for (const std::string& queue : lost) {
        log::warn(
            "DynamicWorkerLost: a worker that was started by a caller went down with a part of the "
            "tree; start it again",
            {{"task_queue", queue}}
        );
        if (count) {
            count(queue);
        }
    }
    return to_start;
}

void WorkerBook::tell_lost() {
    std::vector<std::string> lost;
    std::vector<std::shared_ptr<const LostCallback>> callbacks;
    {
        const std::lock_guard lock{mutex_};
        lost.swap(untold_);
        callbacks = lost_callbacks_;
    }
    for (const std::string& queue : lost) {
        for (const auto& callback : callbacks) {
            tell(*callback, queue);
        }
    }
}

void WorkerBook::forked() {
    const std::lock_guard lock{mutex_};
    for (Entry& entry : entries_) {
        entry.confirmed = true;
        if (!entry.given_identity.empty()) {
            entry.options.identity = client::identity_in_child(entry.given_identity);
        }
    }
}

std::chrono::milliseconds WorkerBook::longest_grace_period() const {
    const std::lock_guard lock{mutex_};
    std::chrono::milliseconds longest{0};
    for (const Entry& entry : entries_) {
        longest = std::max(longest, entry.options.graceful_shutdown_timeout);
    }
    return longest;
}

}  // namespace hourglass::subsystem
