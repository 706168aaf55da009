#include "src/subsystem/worker_book.hpp"

#include "hourglass/base/log.hpp"

#include <algorithm>
#include <utility>

namespace hourglass::subsystem {

void WorkerBook::add(WorkerOptions options, bool by_caller) {
    const std::lock_guard lock{mutex_};
    entries_.push_back({std::move(options), by_caller});
}

void WorkerBook::remove(const std::string& task_queue) {
    const std::lock_guard lock{mutex_};
    std::erase_if(entries_, [&](const Entry& entry) {
        return entry.options.task_queue == task_queue;
    });
}

void WorkerBook::on_lost(LostCallback callback) {
    const std::lock_guard lock{mutex_};
    lost_callbacks_.push_back(std::move(callback));
}

std::vector<WorkerOptions> WorkerBook::missing(const std::vector<supervision::ChildReport>& running
) {
    std::vector<WorkerOptions> to_start;
    std::vector<std::string> lost;
    std::vector<LostCallback> callbacks;
    {
        const std::lock_guard lock{mutex_};
        std::erase_if(entries_, [&](const Entry& entry) {
            const auto is_it = [&](const auto& child) {
                return child.id == entry.options.task_queue;
            };
            if (std::any_of(running.begin(), running.end(), is_it)) {
                return false;
            }
            if (entry.by_caller && entry.options.restart == WorkerRestart::Temporary) {
                lost.push_back(entry.options.task_queue);
                return true;
            }
            to_start.push_back(entry.options);
            return false;
        });
        callbacks = lost_callbacks_;
    }
    for (const std::string& queue : lost) {
        log::warn(
            "DynamicWorkerLost: a worker that was started by a caller went down with a part of the "
            "tree; start it again",
            {{"task_queue", queue}}
        );
        for (const auto& callback : callbacks) {
            callback(queue);
        }
    }
    return to_start;
}

}  // namespace hourglass::subsystem
