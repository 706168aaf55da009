#include "hourglass/supervision/task_supervisor.hpp"

#include "src/supervision/cell.hpp"
#include "src/supervision/child_events.hpp"
#include "src/supervision/managed_child.hpp"

#include <utility>

namespace hourglass::supervision {
namespace {

/// The process of one task; its function comes as its first message.
class TaskProcess final : public Process {};

}  // namespace

/// The list of the tasks is the one that the supervisor's cell keeps of its children; tasks add and
/// remove themselves.
class TaskSupervisor::Engine {
public:
    Engine(TaskSupervisor& owner, TaskSupervisorSpec spec)
        : owner_{owner},
          cell_{detail::CellAccess::cell(owner)},
          spec_{spec},
          events_{cell_.runtime(), cell_.pid(), cell_.name()} {}

    [[nodiscard]] std::vector<ChildReport> which_children() const {
        std::vector<ChildReport> list;
        for (const Pid& task : cell_.children()) {
            ChildReport report;
            report.id = "task";
            report.pid = task;
            report.restart = Restart::Temporary;
            report.state = stopping_ ? ChildState::Stopping : ChildState::Running;
            report.mailbox_length = task.mailbox_length();
            list.push_back(std::move(report));
        }
        return list;
    }

    [[nodiscard]] SupervisorReport report() const {
        SupervisorReport report;
        const std::string& path = cell_.name();
        report.id = path.substr(path.rfind('/') + 1);
        report.pid = cell_.pid();
        report.strategy = "tasks";
        report.abandoned = abandoned_;
        report.children = which_children();
        return report;
    }

    void report_end(const Pid& task, const ExitReason& reason) {
        const bool abandoned = detail::CellAccess::cell(task)->was_abandoned();
        if (abandoned) {
            ++abandoned_;
        }
        events_.exited(
            {.child = task, .child_id = "task", .reason = reason, .abandoned = abandoned}, stopping_
        );
    }

    void stop_all(ExitReason reason) {
        if (std::exchange(stopping_, true)) {
            return;
        }
        stop_reason_ = std::move(reason);
        cell_.close_nursery();
        const Shutdown how = spec_.shutdown;
        for (const Pid& task : cell_.children()) {
            detail::CellAccess::cell(task)->signal_exit(
                cell_.pid(),
                how.is_brutal() ? ExitReason::kill() : ExitReason::shutdown(),
                how.is_brutal() ? detail::ExitOrigin::Plain : detail::ExitOrigin::Parent
            );
        }
        const auto limit = how.is_brutal() ? detail::kKillGrace : how.limit();
        if (limit != kInfinity) {
            // Not a message to this process: tasks may keep every thread that could run it.
            cell_.runtime().add_timer(limit, [me = cell_.pid()] {
                for (const Pid& task : detail::CellAccess::cell(me)->children()) {
                    detail::CellAccess::cell(task)->kill_now();
                }
            });
        }
        stop_if_done();
    }

    /// Ends the supervisor behind the reports that wait in its mailbox.
    void stop_if_done() {
        if (stopping_ && !done_ && !cell_.has_children()) {
            done_ = true;
            cell_.post([this](Process&) { owner_.stop(stop_reason_); });
        }
    }

private:
    TaskSupervisor& owner_;
    detail::Cell& cell_;
    TaskSupervisorSpec spec_;
    detail::ChildEvents events_;
    std::size_t abandoned_ = 0;
    bool stopping_ = false;
    bool done_ = false;
    ExitReason stop_reason_;
};

TaskSupervisor::TaskSupervisor(TaskSupervisorSpec spec)
    : engine_{std::make_unique<Engine>(*this, spec)} {}

TaskSupervisor::~TaskSupervisor() = default;

void TaskSupervisor::init() {
    trap_exit(true);
}

void TaskSupervisor::handle_stop(const ExitReason& reason) {
    engine_->stop_all(reason);
}

void TaskSupervisor::handle_exit(const Pid& from, const ExitReason& reason) {
    if (!from && !reason.is_normal()) {
        engine_->stop_all(reason);  // from outside all processes: an order of the program
    }
}

std::vector<ChildReport> TaskSupervisor::which_children() const {
    return engine_->which_children();
}

ChildCounts TaskSupervisor::count_children() const {
    const std::size_t tasks = detail::CellAccess::cell(*this).children().size();
    return {.specs = tasks, .active = tasks, .supervisors = 0, .workers = tasks};
}

SupervisorReport TaskSupervisor::own_report() const {
    return engine_->report();
}

void TaskSupervisor::end_task(Process& task) {
    detail::CellAccess::cell(task).request_stop(ExitReason::normal());
}

TaskRef TaskSupervisor::launch(
    const Ref<TaskSupervisor>& supervisor, detail::Message run, Process* watcher
) {
    TaskRef task;
    std::shared_ptr<detail::Cell> cell;
    if (const auto& parent = detail::CellAccess::cell(supervisor.pid())) {
        // The supervisor's mailbox hears of a task only if there is something to say. What there is
        // to say comes before the task leaves the list, so that a supervisor that finds the list
        // empty has all reports in its mailbox.
        const auto told = [parent = supervisor.pid()](const Pid& ended, const ExitReason& reason) {
            const auto& tasks = detail::CellAccess::cell(parent);
            // no_process: it was refused, because the supervisor ends; its starter knows.
            if (reason.is_abnormal() && reason.kind() != ExitReason::Kind::NoProcess) {
                tasks->post([ended, reason](Process& process) {
                    static_cast<TaskSupervisor&>(process).engine_->report_end(ended, reason);
                });
            }
            tasks->disown(*detail::CellAccess::cell(ended));
            if (tasks->nursery_is_closed()) {
                tasks->post([](Process& process) {
                    static_cast<TaskSupervisor&>(process).engine_->stop_if_done();
                });
            }
        };
        cell = parent->runtime().make_cell(
            [] { return std::make_unique<TaskProcess>(); },
            {
                .parent = supervisor.pid(),
                .on_started =
                    [told](const Pid& ended, const detail::StartOutcome& outcome) {
                        if (outcome.kind == detail::StartOutcome::Kind::Failed) {
                            told(ended, outcome.reason);
                        }
                    },
                .on_exited = told,
                .first_message = std::move(run),
            }
        );
        task.pid = cell->pid();
    }
    if (watcher != nullptr) {
        task.monitor = detail::CellAccess::cell(*watcher).monitor(task.pid);
    }
    if (cell) {
        cell->launch();
    }
    return task;
}

}  // namespace hourglass::supervision
