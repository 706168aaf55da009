#pragma once

#include "hourglass/base/unique_function.hpp"
#include "hourglass/supervision/supervisor_base.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::supervision {

/// One task: a process that runs one function and ends. `monitor` is set if it was started by
/// `start_monitored`.
struct TaskRef {
    Pid pid = {};
    MonitorRef monitor = {};
};

struct TaskSupervisorSpec {
    /// How its tasks are stopped. A task in the middle of its function cannot be interrupted, only
    /// waited for.
    Shutdown shutdown = std::chrono::seconds{5};
};

/// Supervises temporary children that each run one function: a task's failure is logged, ends
/// nobody else, and is not repeated. Starting one is cheap: the supervisor's mailbox is not
/// involved, no thread is made.
class TaskSupervisor final : public SupervisorBase {
public:
    explicit TaskSupervisor(TaskSupervisorSpec spec = {});
    ~TaskSupervisor() override;

    using SupervisorBase::count_children;
    using SupervisorBase::report;
    using SupervisorBase::which_children;
    [[nodiscard]] std::vector<ChildReport> which_children() const override;
    [[nodiscard]] ChildCounts count_children() const override;

    /// Runs `run()` in a process of its own. It ends with `normal`, or `crashed` if an exception
    /// escapes.
    /// @returns a dead TaskRef, and does not run it, if the supervisor has ended or is ending.
    /// @threads any.
    template <std::invocable F>
    static TaskRef start_task(const Ref<TaskSupervisor>& supervisor, F&& run) {
        return launch(supervisor, message(std::forward<F>(run)), nullptr);
    }

    /// As `start_task`, and monitored by `watcher`, the process that calls it, before it can end:
    /// its real exit reason comes as `handle_down`. With a dead supervisor that comes too, with
    /// `no_process`.
    template <std::invocable F>
    static TaskRef start_monitored(
        Process& watcher, const Ref<TaskSupervisor>& supervisor, F&& run
    ) {
        return launch(supervisor, message(std::forward<F>(run)), &watcher);
    }

protected:
    void init() override;
    void handle_stop(const ExitReason& reason) override;
    void handle_exit(const Pid& from, const ExitReason& reason) override;
    [[nodiscard]] SupervisorReport own_report() const override;

private:
    class Engine;

    template <class F>
    static detail::Message message(F&& run) {
        return [work = std::decay_t<F>(std::forward<F>(run))](Process& task) mutable {
            work();
            end_task(task);
        };
    }
    static void end_task(Process& task);
    static TaskRef launch(
        const Ref<TaskSupervisor>& supervisor, detail::Message run, Process* watcher
    );

    std::unique_ptr<Engine> engine_;
};

}  // namespace hourglass::supervision
