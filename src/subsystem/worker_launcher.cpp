#include "src/subsystem/worker_launcher.hpp"

#include "hourglass/worker/errors.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hourglass::subsystem {

using supervision::Answer;
using supervision::DynamicSupervisor;
using supervision::ExitReason;
using supervision::Pid;
using supervision::Reply;

namespace {

constexpr std::chrono::milliseconds kLookAgain{10};

}  // namespace

WorkerLauncher::WorkerLauncher(
    std::shared_ptr<Directory> directory, std::shared_ptr<WorkerBook> book, MakeSpec make_spec
)
    : directory_{std::move(directory)}, book_{std::move(book)}, make_spec_{std::move(make_spec)} {}

void WorkerLauncher::init() {
    directory_->launcher.set(ref_to(*this));
    defer_init();
    // Only this process may have died: what still runs is neither lost nor started a second time.
    with_running([this](const Running& running) {
        to_start_ = book_->missing(running);
        start_next();
    });
}

template <class Then>
void WorkerLauncher::with_running(Then then) {
    request(
        directory_->worker_supervisor.get(),
        [](DynamicSupervisor& supervisor) { return supervisor.which_children(); },
        [this, then = std::move(then)](Answer<Running> answer) mutable {
            if (answer) {
                then(answer.value());
            } else {
                stop(ExitReason::named("no_worker_supervisor", answer.error_text()));
            }
        }
    );
}

void WorkerLauncher::start_next() {
    if (to_start_.empty()) {
        init_done();
        // Not in this process's turn: a subscriber may start the worker again, and asks this one.
        supervision::TaskSupervisor::start_task(directory_->evaluators.get(), [book = book_] {
            book->tell_lost();
        });
        return;
    }
    const WorkerOptions options = std::move(to_start_.front());
    to_start_.erase(to_start_.begin());
    start_child(options, [this, queue = options.task_queue](const Answer<Pid>& answer) {
        if (answer) {
            start_next();
        } else {
            stop(ExitReason::named("worker_not_started", queue + ": " + answer.error_text()));
        }
    });
}

template <class Then>
void WorkerLauncher::start_child(const WorkerOptions& options, Then then) {
    request_async<Pid>(
        directory_->worker_supervisor.get(),
        [spec = make_spec_(options)](DynamicSupervisor& supervisor, Reply<Pid> reply) {
            supervisor.start_child(spec, std::move(reply));
        },
        std::move(then),
        supervision::kInfinity
    );
}

void WorkerLauncher::start_worker(
    WorkerOptions options, WorkerBook::Ticket ticket, Reply<void> reply
) {
    if (!book_->enter(options, ticket)) {
        reply.fail(WorkerAlreadyRunningError{options.task_queue});
        return;
    }
    with_running([this,
                  options = std::move(options),
                  reply = std::move(reply)](const Running& running) mutable {
        const bool runs = std::ranges::any_of(running, [&](const auto& child) {
            return child.id == options.task_queue;
        });
        if (runs) {  // started by `init`, after a cascade that came between
            started(options.task_queue, std::move(reply));
        } else {
            start(options, std::move(reply));
        }
    });
}

void WorkerLauncher::start(const WorkerOptions& options, Reply<void> reply) {
    start_child(
        options,
        [this, queue = options.task_queue, reply = std::move(reply)](Answer<Pid> answer) mutable {
            if (answer) {
                started(queue, std::move(reply));
            } else if (auto refused = answer.error_as<supervision::ChildError>()) {
                book_->remove(queue);
                reply.fail(*std::move(refused));
            } else {
                stop(ExitReason::named("no_worker_supervisor", answer.error_text()));
            }
        }
    );
}

void WorkerLauncher::started(const std::string& task_queue, Reply<void> reply) {
    if (book_->confirm(task_queue)) {
        reply.send();
        return;
    }
    // A caller of stop_worker was faster, and saw nothing to stop.
    stop_running(task_queue, {});
    reply.fail(WorkerNotRunningError{task_queue});
}

void WorkerLauncher::stop_worker(const std::string& task_queue, Reply<void> reply) {
    book_->remove(task_queue);
    stop_running(task_queue, std::move(reply));
}

void WorkerLauncher::stop_running(const std::string& task_queue, Reply<void> reply) {
    with_running([this, task_queue, reply = std::move(reply)](const Running& running) mutable {
        const auto worker = std::ranges::find_if(running, [&](const auto& child) {
            return child.id == task_queue;
        });
        if (worker == running.end()) {
            reply.send();
            return;
        }
        request_async<void>(
            directory_->worker_supervisor.get(),
            [pid = worker->pid](DynamicSupervisor& supervisor, Reply<void> stopped) {
                supervisor.terminate_child(pid, std::move(stopped));
            },
            [this, task_queue, reply = std::move(reply)](const Answer<void>& stopped) mutable {
                if (stopped.error_as<supervision::ChildError>()) {
                    // That process ended by itself, and another one may take its place.
                    send_after(kLookAgain, [this, task_queue, reply = std::move(reply)]() mutable {
                        stop_running(task_queue, std::move(reply));
                    });
                } else {
                    reply.send();
                }
            },
            supervision::kInfinity
        );
    });
}

}  // namespace hourglass::subsystem
