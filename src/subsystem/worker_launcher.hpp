#pragma once

#include "hourglass/supervision/process.hpp"
#include "hourglass/worker/worker_options.hpp"
#include "src/subsystem/directory.hpp"
#include "src/subsystem/worker_book.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::subsystem {

/// Child 5 of the Subsystem: the only one who starts and stops workers. At its own start it starts
/// those of the book that must be there and do not run, the default one first, and tells of those
/// that a cascade took along for good.
///
/// A cascade that comes while it serves a caller answers that call with `no_process`; made again to
/// the successor, with the same ticket, the call goes on where it was.
class WorkerLauncher final : public supervision::Process {
public:
    using MakeSpec = std::function<supervision::ChildSpec(const WorkerOptions&)>;

    WorkerLauncher(
        std::shared_ptr<Directory> directory, std::shared_ptr<WorkerBook> book, MakeSpec make_spec
    );

    /// Answers when the worker's processes have started: WorkerAlreadyRunningError if the book has
    /// another one of the queue, ChildError if it does not start.
    void start_worker(
        WorkerOptions options, WorkerBook::Ticket ticket, supervision::Reply<void> reply
    );
    /// Strikes it out, and answers when it has stopped.
    void stop_worker(const std::string& task_queue, supervision::Reply<void> reply);

protected:
    void init() override;

private:
    using Running = std::vector<supervision::ChildReport>;

    /// `then(Running)`, unless the WorkerSupervisor is dead, and this process with it.
    template <class Then>
    void with_running(Then then);
    void start_next();
    /// `then(Answer<Pid>)` when the WorkerSupervisor has answered.
    template <class Then>
    void start_child(const WorkerOptions& options, Then then);
    void start(const WorkerOptions& options, supervision::Reply<void> reply);
    void started(const std::string& task_queue, supervision::Reply<void> reply);
    /// Until no child of that id is there any more.
    void stop_running(const std::string& task_queue, supervision::Reply<void> reply);

    std::shared_ptr<Directory> directory_;
    std::shared_ptr<WorkerBook> book_;
    MakeSpec make_spec_;
    std::vector<WorkerOptions> to_start_;
};

}  // namespace hourglass::subsystem
