#pragma once

#include "hourglass/subsystem/application_options.hpp"
#include "hourglass/supervision/supervisor.hpp"
#include "src/activity/isolation/idle_processes.hpp"
#include "src/activity/timers.hpp"
#include "src/subsystem/counter_book.hpp"
#include "src/subsystem/directory.hpp"
#include "src/subsystem/meter.hpp"
#include "src/subsystem/tree_status.hpp"
#include "src/subsystem/worker_book.hpp"
#include "src/worker/worker_services.hpp"

#include <functional>
#include <memory>
#include <string>

namespace hourglass::subsystem {

/// The whole tree of the process, from its root: one_for_one of the local singletons, which no
/// cascade reaches, and the Subsystem.
///
/// The Subsystem is temporary: when it gives up it is not started again, because then only an outer
/// service manager can help.
class ApplicationTree {
public:
    ApplicationTree(
        const ApplicationOptions& options,
        std::shared_ptr<WorkerBook> book,
        std::shared_ptr<Directory> directory,
        const supervision::System& system,
        std::shared_ptr<CounterBook> counters,
        std::shared_ptr<Meter> meter,
        core::Connect connect = &core::Connection::connect
    );

    [[nodiscard]] const supervision::Ref<supervision::Supervisor>& root() const { return root_; }
    /// Nobody's if `start_runtime` is off.
    [[nodiscard]] const supervision::Pid& subsystem() const { return subsystem_; }
    [[nodiscard]] const std::shared_ptr<Directory>& directory() const { return directory_; }
    [[nodiscard]] WorkerBook& book() const { return *book_; }
    [[nodiscard]] const worker::WorkerServices& services() const { return services_; }
    /// Of isolated activities.
    [[nodiscard]] activity::isolation::IdleProcesses& idle_processes() const { return *processes_; }
    /// What there is to tell of this tree, also after its end.
    [[nodiscard]] std::shared_ptr<TreeStatus> status(const supervision::System& system) const;

private:
    void start(const ApplicationOptions& options, const supervision::System& system);

    std::shared_ptr<CounterBook> counters_;
    std::shared_ptr<Meter> meter_;
    std::shared_ptr<Directory> directory_;
    std::shared_ptr<WorkerBook> book_;
    std::shared_ptr<worker::RunningAttempts> attempts_ =
        std::make_shared<worker::RunningAttempts>();
    std::shared_ptr<activity::Timers> timers_ = std::make_shared<activity::ThreadTimers>();
    std::shared_ptr<activity::isolation::IdleProcesses> processes_ =
        std::make_shared<activity::isolation::IdleProcesses>(timers_);
    worker::WorkerServices services_;
    core::Connect connect_;
    supervision::Ref<supervision::Supervisor> root_;
    supervision::Pid subsystem_;
};

}  // namespace hourglass::subsystem
