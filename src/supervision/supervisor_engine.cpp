#include "src/supervision/supervisor_engine.hpp"

#include "hourglass/base/error.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace hourglass::supervision {
namespace {

/// What is wrong with a specification; empty if nothing.
std::string complaint(const ChildSpec& spec) {
    if (spec.id.empty()) {
        return "a child specification has no id; give each child of a supervisor a name";
    }
    if (!spec.start) {
        return "the specification of child \"" + spec.id +
               "\" has no start function; say how its process is made";
    }
    return {};
}

SupervisorSpec checked(SupervisorSpec spec) {
    std::set<std::string_view> ids;
    for (const auto& child : spec.children) {
        if (auto wrong = complaint(child); !wrong.empty()) {
            throw ConfigurationError{wrong};
        }
        if (!ids.insert(child.id).second) {
            throw ConfigurationError{
                "two children of one supervisor have the id \"" + child.id + "\"; ids must differ"
            };
        }
    }
    return spec;
}

std::string name_of(const Pid& supervisor, const std::string& given) {
    return supervisor.name().empty() ? given : supervisor.name();
}

}  // namespace

Supervisor::Engine::Engine(Supervisor& owner, SupervisorSpec spec)
    : owner_{owner},
      cell_{detail::CellAccess::cell(owner)},
      spec_{checked(std::move(spec))},
      intensity_{spec_.max_restarts, spec_.within},
      events_{cell_.runtime(), cell_.pid(), name_of(cell_.pid(), spec_.name)} {
    for (auto& child : spec_.children) {
        children_.push_back(std::make_unique<Child>(std::move(child)));
    }
    spec_.children.clear();
}

void Supervisor::Engine::start_all() {
    Operation operation;
    for (const auto& child : children_) {
        operation.start.push_back(child->spec.id);
    }
    operation.done = [this] { owner_.init_done(); };
    operation.failed = [this](Child& child, const ExitReason& reason) {
        stop_all(ExitReason::shutdown("failed to start child \"" + child.spec.id + "\"")
                     .caused_by(reason));
    };
    operation_ = std::move(operation);
    pump();
}

void Supervisor::Engine::stop_all(ExitReason reason) {
    if (std::exchange(stopping_, true)) {
        return;
    }
    interrupted_ = std::exchange(operation_, std::nullopt);
    awaited_ = nullptr;
    Operation operation;
    for (const auto& child : children_) {
        operation.stop.push_front(child->spec.id);
    }
    operation.done = [this, reason = std::move(reason)] { owner_.stop(reason); };
    operation_ = std::move(operation);
    pump();
}

void Supervisor::Engine::start_child(ChildSpec spec, Reply<Pid> reply) {
    if (auto wrong = complaint(spec); !wrong.empty()) {
        reply.fail(ConfigurationError{wrong});
        return;
    }
    enqueue([this, spec = std::move(spec), reply = std::move(reply)]() mutable {
        const std::string id = spec.id;
        if (const Child* present = find(id)) {
            reply.fail(ChildError{
                present->has_process() ? ChildErrorCode::AlreadyStarted
                                       : ChildErrorCode::AlreadyPresent,
                id
            });
            return;
        }
        children_.push_back(std::make_unique<Child>(std::move(spec)));
        // Shared by the two outcomes; the one that does not come about must not answer.
        const auto answer = std::make_shared<Reply<Pid>>(std::move(reply));
        Operation operation;
        operation.start.push_back(id);
        operation.done = [this, id, answer] { answer->send(child(id)); };
        operation.failed = [this, id, answer](Child& child, const ExitReason& reason) {
            forget(child);
            answer->fail(ChildError{ChildErrorCode::StartFailed, id, reason});
        };
        operation_ = std::move(operation);
    });
}

void Supervisor::Engine::restart_child(std::string id, Reply<Pid> reply) {
    enqueue([this, id = std::move(id), reply = std::move(reply)]() mutable {
        Child* present = find(id);
        if (present == nullptr || present->has_process() ||
            present->state == ChildState::Restarting) {
            reply.fail(ChildError{
                present == nullptr       ? ChildErrorCode::NotFound
                : present->has_process() ? ChildErrorCode::Running
                                         : ChildErrorCode::Restarting,
                id
            });
            return;
        }
        const auto answer = std::make_shared<Reply<Pid>>(std::move(reply));
        Operation operation;
        operation.start.push_back(id);
        operation.done = [this, id, answer] { answer->send(child(id)); };
        operation.failed = [id, answer](Child&, const ExitReason& reason) {
            answer->fail(ChildError{ChildErrorCode::StartFailed, id, reason});
        };
        operation_ = std::move(operation);
    });
}

void Supervisor::Engine::terminate_child(std::string id, Reply<void> reply) {
    enqueue([this, id = std::move(id), reply = std::move(reply)]() mutable {
        if (find(id) == nullptr) {
            reply.fail(ChildError{ChildErrorCode::NotFound, id});
            return;
        }
        Operation operation;
        operation.stop.push_back(id);
        operation.done = [reply = std::move(reply)]() mutable { reply.send(); };
        operation_ = std::move(operation);
    });
}

void Supervisor::Engine::delete_child(std::string id, Reply<void> reply) {
    enqueue([this, id = std::move(id), reply = std::move(reply)]() mutable {
        const Child* present = find(id);
        if (present == nullptr) {
            reply.fail(ChildError{ChildErrorCode::NotFound, id});
        } else if (present->has_process()) {
            reply.fail(ChildError{ChildErrorCode::Running, id});
        } else if (present->state == ChildState::Restarting) {
            reply.fail(ChildError{ChildErrorCode::Restarting, id});
        } else {
            forget(*present);
            reply.send();
        }
    });
}

void Supervisor::Engine::enqueue(UniqueFunction<void()> begin) {
    queue_.push_back(std::move(begin));
    pump();
}

// Not recursive: what an operation's end brings about is done by the loop that is running already.
void Supervisor::Engine::pump() {
    if (std::exchange(pumping_, true)) {
        return;
    }
    for (;;) {
        if (operation_) {
            if (awaited_ != nullptr) {
                break;
            }
            step();
        } else if (!stopping_ && !queue_.empty()) {
            auto begin = std::move(queue_.front());
            queue_.pop_front();
            begin();
        } else {
            break;
        }
    }
    pumping_ = false;
}

void Supervisor::Engine::step() {
    auto& list = operation_->stop.empty() ? operation_->start : operation_->stop;
    if (list.empty()) {
        auto done = std::move(operation_->done);
        operation_.reset();
        if (done) {
            done();
        }
        return;
    }
    const bool stop = &list == &operation_->stop;
    Child* child = find(list.front());
    list.pop_front();
    if (child == nullptr) {
        return;  // temporary, and gone meanwhile
    }
    if (stop) {
        stop_step(*child);
    } else {
        start_step(*child);
    }
}

void Supervisor::Engine::stop_step(Child& child) {
    if (child.has_process()) {
        if (child.state != ChildState::Stopping) {
            child.begin_stop(cell_);
        }
        awaited_ = &child;
        return;
    }
    if (child.launch !=
        0) {  // it ended by itself, and that end waits in the queue: this takes care of it
        child.launch = 0;
        events_.exited(child.event(child.last_exit.value_or(ExitReason{})), false);
    }
    child.state = ChildState::Undefined;
    forget_if_temporary(child);
}

void Supervisor::Engine::start_step(Child& child) {
    awaited_ = &child;
    child.start(
        cell_,
        events_.supervisor_name(),
        [this](std::uint64_t launch, const detail::StartOutcome& outcome) {
            child_started(launch, outcome);
        },
        [this](std::uint64_t launch, const ExitReason& reason) { child_ended(launch, reason); }
    );
}

void Supervisor::Engine::wait_is_over(const Child& child) {
    if (awaited_ == &child) {
        awaited_ = nullptr;
    }
}

void Supervisor::Engine::child_started(std::uint64_t launch, const detail::StartOutcome& outcome) {
    Child* child = find_launch(launch);
    if (child == nullptr || !child->has_process()) {
        return;
    }
    const bool asked_to_stop = child->state == ChildState::Stopping;
    if (outcome.kind == detail::StartOutcome::Kind::Started) {
        child->started(owner_.system().now());
        if (asked_to_stop) {
            child->state = ChildState::Stopping;  // its end follows
            return;
        }
        if (child->restarts() == 0) {
            events_.started(child->event());
        } else {
            events_.restarted(child->event());
        }
        wait_is_over(*child);
        pump();
        return;
    }
    child->ended(cell_, outcome.reason);
    child->launch = 0;
    if (outcome.kind == detail::StartOutcome::Kind::Failed) {
        if (!asked_to_stop && !stopping_) {
            start_failed(*child, outcome.reason);
            return;
        }
        events_.exited(child->event(outcome.reason), asked_to_stop);
    }
    wait_is_over(*child);
    forget_if_temporary(*child);
    pump();
}

void Supervisor::Engine::start_failed(Child& child, const ExitReason& reason) {
    wait_is_over(child);
    auto operation = std::exchange(operation_, std::nullopt);
    auto event = child.event(reason);
    if (operation->is_restart) {
        event.restarting = restarted_with(child);
    }
    events_.start_failed(event);
    operation->failed(child, reason);
    pump();
}

void Supervisor::Engine::child_ended(std::uint64_t launch, const ExitReason& reason) {
    Child* child = find_launch(launch);
    if (child == nullptr || !child->has_process()) {
        return;
    }
    const bool asked_to_stop = child->state == ChildState::Stopping;
    child->ended(cell_, reason);
    if (!asked_to_stop && !stopping_) {
        enqueue([this, launch, reason] { handle_end(launch, reason); });
        return;
    }
    child->launch = 0;
    events_.exited(child->event(reason), asked_to_stop);
    wait_is_over(*child);
    forget_if_temporary(*child);
    pump();
}

void Supervisor::Engine::handle_end(std::uint64_t launch, const ExitReason& reason) {
    Child* child = find_launch(launch);
    if (child == nullptr) {
        return;  // an operation before this one has dealt with it
    }
    child->launch = 0;
    const bool again = child->spec.restart == Restart::Permanent ||
                       (child->spec.restart == Restart::Transient && reason.is_abnormal());
    auto event = child->event(reason);
    if (again && may_restart(*child)) {
        event.restarting = restarted_with(*child);
        events_.exited(std::move(event), false);
        restart(*child);
    } else {
        events_.exited(std::move(event), false);
        if (again) {
            give_up(*child, reason);
        } else {
            forget_if_temporary(*child);
        }
    }
}

bool Supervisor::Engine::may_restart(Child& child) {
    child.state = ChildState::Restarting;
    return intensity_.allow(owner_.system().now());
}

void Supervisor::Engine::restart(const Child& child) {
    Operation operation;
    operation.is_restart = true;
    for (const Child* each : affected_by(child)) {
        if (each != &child) {
            operation.stop.push_front(each->spec.id);
        }
    }
    for (auto& id : restarted_with(child)) {
        operation.start.push_back(std::move(id));
    }
    // The failed start counts as a restart when it is tried again; messages of others come first.
    operation.failed = [this](Child& failed, const ExitReason& why) {
        failed.state = ChildState::Restarting;
        cell_.post([this, id = failed.spec.id, why](Process&) { try_again(id, why); });
    };
    operation_ = std::move(operation);
}

void Supervisor::Engine::try_again(const std::string& id, const ExitReason& reason) {
    enqueue([this, id, reason] {
        Child* child = find(id);
        if (child == nullptr || child->state != ChildState::Restarting) {
            return;
        }
        if (may_restart(*child)) {
            restart(*child);
        } else {
            give_up(*child, reason);
        }
    });
}

void Supervisor::Engine::give_up(Child& child, const ExitReason& reason) {
    child.state = ChildState::Undefined;
    events_.intensity_exceeded(child.event(reason), spec_.max_restarts, spec_.within);
    stop_all(
        ExitReason::shutdown().caused_by(ExitReason::named(
                                             "too_many_restarts",
                                             "more than " + std::to_string(spec_.max_restarts) +
                                                 " in " + detail::duration_text(spec_.within) +
                                                 ", the last of child \"" + child.spec.id + "\""
        )
                                             .caused_by(reason))
    );
}

std::vector<Supervisor::Engine::Child*> Supervisor::Engine::affected_by(const Child& child) const {
    std::vector<Child*> affected;
    bool after = spec_.strategy == Strategy::OneForAll;
    for (const auto& each : children_) {
        if (each.get() == &child || after) {
            affected.push_back(each.get());
            after = after || spec_.strategy == Strategy::RestForOne;
        }
    }
    return affected;
}

std::vector<std::string> Supervisor::Engine::restarted_with(const Child& child) const {
    std::vector<std::string> ids;
    for (const Child* each : affected_by(child)) {
        if (each->spec.restart != Restart::Temporary) {
            ids.push_back(each->spec.id);
        }
    }
    return ids;
}

Supervisor::Engine::Child* Supervisor::Engine::find(std::string_view id) const {
    const auto found =
        std::ranges::find_if(children_, [id](const auto& child) { return child->spec.id == id; });
    return found == children_.end() ? nullptr : found->get();
}

Supervisor::Engine::Child* Supervisor::Engine::find_launch(std::uint64_t launch) const {
    const auto found = std::ranges::find_if(children_, [launch](const auto& child) {
        return child->launch == launch;
    });
    return found == children_.end() ? nullptr : found->get();
}

void Supervisor::Engine::forget(const Child& child) {
    abandoned_before_ += child.abandoned;
    std::erase_if(children_, [&child](const auto& each) { return each.get() == &child; });
}

void Supervisor::Engine::forget_if_temporary(const Child& child) {
    if (child.spec.restart == Restart::Temporary) {
        forget(child);
    }
}

Pid Supervisor::Engine::child(std::string_view id) const {
    const Child* found = find(id);
    return found == nullptr ? Pid{} : found->pid;
}

std::vector<ChildReport> Supervisor::Engine::which_children() const {
    std::vector<ChildReport> list;
    const auto now = owner_.system().now();
    for (const auto& child : children_) {
        list.push_back(child->report(now));
    }
    return list;
}

SupervisorReport Supervisor::Engine::report() const {
    SupervisorReport report;
    const std::string& path = events_.supervisor_name();
    report.id = path.substr(path.rfind('/') + 1);
    report.pid = cell_.pid();
    report.strategy = to_text(spec_.strategy);
    report.max_restarts = spec_.max_restarts;
    report.within = spec_.within;
    report.restarts = intensity_.total();
    report.children = which_children();
    report.abandoned = abandoned_before_;
    for (const auto& child : report.children) {
        report.abandoned += child.abandoned;
    }
    return report;
}

}  // namespace hourglass::supervision
