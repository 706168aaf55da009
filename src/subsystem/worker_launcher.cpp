#include "src/subsystem/worker_launcher.hpp"

#include "hourglass/base/log.hpp"

#include <utility>

namespace hourglass::subsystem {

using supervision::Answer;
using supervision::DynamicSupervisor;
using supervision::ExitReason;
using supervision::Pid;

WorkerLauncher::WorkerLauncher(
    std::shared_ptr<Directory> directory, std::shared_ptr<WorkerBook> book, MakeSpec make_spec
)
    : directory_{std::move(directory)}, book_{std::move(book)}, make_spec_{std::move(make_spec)} {}

void WorkerLauncher::init() {
    defer_init();
    // Only this process may have died: what still runs is neither lost nor started a second time.
    request(
        directory_->worker_supervisor.get(),
        [](DynamicSupervisor& supervisor) { return supervisor.which_children(); },
        [this](Answer<std::vector<supervision::ChildReport>> answer) {
            if (!answer) {
                stop(ExitReason::named("no_worker_supervisor", answer.error_text()));
                return;
            }
            to_start_ = book_->missing(answer.value());
            start_next();
        }
    );
}

void WorkerLauncher::start_next() {
    if (to_start_.empty()) {
        init_done();
        return;
    }
    const WorkerOptions options = std::move(to_start_.front());
    to_start_.erase(to_start_.begin());
    request_async<Pid>(
        directory_->worker_supervisor.get(),
        [spec = make_spec_(options)](DynamicSupervisor& supervisor, supervision::Reply<Pid> reply) {
            supervisor.start_child(spec, std::move(reply));
        },
        [this, queue = options.task_queue](Answer<Pid> answer) {
            if (answer) {
                start_next();
            } else {
                stop(ExitReason::named("worker_not_started", queue + ": " + answer.error_text()));
            }
        },
        supervision::kInfinity
    );
}

}  // namespace hourglass::subsystem
