#include "hourglass/supervision/dynamic_supervisor.hpp"

#include "src/supervision/managed_child.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace hourglass::supervision {

/// Each child goes its own way: nothing here waits for anything else, so there is no queue of
/// operations.
class DynamicSupervisor::Engine {
public:
    Engine(DynamicSupervisor& owner, DynamicSupervisorSpec spec)
        : owner_{owner},
          cell_{detail::CellAccess::cell(owner)},
          spec_{spec},
          intensity_{spec.max_restarts, spec.within},
          events_{cell_.runtime(), cell_.pid(), cell_.name()} {}

    void start_child(ChildSpec spec, Reply<Pid> reply) {
        if (!spec.start) {
            reply.fail(ConfigurationError{
                "the specification of child \"" + spec.id +
                "\" has no start function; say how its process is made"
            });
            return;
        }
        if (stopping_) {
            late_.push_back(std::move(reply));  // answered by the end of this process
            return;
        }
        if (children_.size() >= spec_.max_children) {
            reply.fail(ChildError{ChildErrorCode::MaxChildren, spec.id});
            return;
        }
        const std::uint64_t key = ++last_key_;
        auto& child =
            *children_.emplace(key, std::make_unique<Child>(std::move(spec))).first->second;
        child.started_reply = std::move(reply);
        launch(key, child);
    }

    void terminate_child(const Pid& pid, Reply<void> reply) {
        const auto found = std::ranges::find_if(children_, [&pid](const auto& entry) {
            return pid && entry.second->pid == pid;
        });
        if (found == children_.end()) {
            reply.fail(ChildError{ChildErrorCode::NotFound, pid.text()});
            return;
        }
        Child& child = *found->second;
        child.ended_replies.push_back(std::move(reply));
        if (child.state != ChildState::Stopping) {
            child.begin_stop(cell_);
        }
    }

    void stop_all(ExitReason reason) {
        if (std::exchange(stopping_, true)) {
            return;
        }
        stop_reason_ = std::move(reason);
        for (const auto& [key, child] : children_) {
            if (child->has_process() && child->state != ChildState::Stopping) {
                child->begin_stop(cell_);
            }
        }
        std::erase_if(children_, [](const auto& entry) { return !entry.second->has_process(); });
        stop_if_done();
    }

    [[nodiscard]] std::vector<ChildReport> which_children() const {
        std::vector<ChildReport> list;
        list.reserve(children_.size());
        const auto now = owner_.system().now();
        for (const auto& [key, child] : children_) {
            list.push_back(child->report(now));
        }
        return list;
    }

    [[nodiscard]] SupervisorReport report() const {
        SupervisorReport report;
        const std::string& path = cell_.name();
        report.id = path.substr(path.rfind('/') + 1);
        report.pid = cell_.pid();
        report.strategy = "dynamic";
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

private:
    struct Child : detail::ManagedChild {
        using ManagedChild::ManagedChild;
        Reply<Pid> started_reply;
        std::vector<Reply<void>> ended_replies;
    };

    void launch(std::uint64_t key, Child& child) {
        child.start(
            cell_,
            events_.supervisor_name(),
            [this, key](std::uint64_t launch, const detail::StartOutcome& outcome) {
                if (Child* known = find(key, launch)) {
                    child_started(key, *known, outcome);
                }
            },
            [this, key](std::uint64_t launch, const ExitReason& reason) {
                if (Child* known = find(key, launch)) {
                    child_ended(key, *known, reason);
                }
            }
        );
    }

    void child_started(std::uint64_t key, Child& child, const detail::StartOutcome& outcome) {
        const bool asked_to_stop = child.state == ChildState::Stopping;
        auto reply = std::move(child.started_reply);
        if (outcome.kind == detail::StartOutcome::Kind::Started) {
            child.started(owner_.system().now());
            if (child.restarts() == 0) {
                events_.started(child.event());
            } else {
                events_.restarted(child.event());
            }
            if (asked_to_stop) {
                child.state = ChildState::Stopping;  // its end follows
            }
            reply.send(child.pid);
            return;
        }
        child.ended(cell_, outcome.reason);
        child.launch = 0;
        const bool again = child.starts != 0;
        if (outcome.kind == detail::StartOutcome::Kind::Ignored) {
            reply.fail(ChildError{ChildErrorCode::Ignored, child.spec.id});
            forget(key);
        } else if (asked_to_stop || stopping_) {
            events_.exited(child.event(outcome.reason), asked_to_stop);
            reply.fail(ChildError{ChildErrorCode::StartFailed, child.spec.id, outcome.reason});
            forget(key);
        } else {
            auto event = child.event(outcome.reason);
            if (again) {
                event.restarting = {child.spec.id};
            }
            events_.start_failed(event);
            if (again) {
                child.state = ChildState::Restarting;
                cell_.post([this, key, reason = outcome.reason](Process&) {
                    const auto found = children_.find(key);
                    if (found == children_.end() || stopping_) {
                        return;
                    }
                    if (may_restart()) {
                        launch(key, *found->second);
                    } else {
                        give_up(found->second->event(reason));
                    }
                });
            } else {
                reply.fail(ChildError{ChildErrorCode::StartFailed, child.spec.id, outcome.reason});
                forget(key);
            }
        }
        stop_if_done();
    }

    void child_ended(std::uint64_t key, Child& child, const ExitReason& reason) {
        const bool asked_to_stop = child.state == ChildState::Stopping;
        child.ended(cell_, reason);
        child.launch = 0;
        const bool again = !asked_to_stop && !stopping_ &&
                           (child.spec.restart == Restart::Permanent ||
                            (child.spec.restart == Restart::Transient && reason.is_abnormal()));
        auto event = child.event(reason);
        if (again && may_restart()) {
            event.restarting = {child.spec.id};
            events_.exited(std::move(event), false);
            launch(key, child);
            return;
        }
        events_.exited(event, asked_to_stop);
        if (again) {
            give_up(std::move(event));
        } else {
            forget(key);
            stop_if_done();
        }
    }

    /// Counts a restart. @returns false if that is one too many.
    [[nodiscard]] bool may_restart() { return intensity_.allow(owner_.system().now()); }

    void give_up(ChildEvent event) {
        const auto reason = ExitReason::named(
            "too_many_restarts",
            "more than " + std::to_string(spec_.max_restarts) + " in " +
                detail::duration_text(spec_.within) + ", the last of child \"" + event.child_id +
                "\""
        );
        auto gave_up = ExitReason::shutdown().caused_by(reason.caused_by(event.reason));
        events_.intensity_exceeded(std::move(event), spec_.max_restarts, spec_.within);
        stop_all(std::move(gave_up));
    }

    Child* find(std::uint64_t key, std::uint64_t launch) {
        const auto found = children_.find(key);
        return found != children_.end() && found->second->launch == launch ? found->second.get()
                                                                           : nullptr;
    }

    void forget(std::uint64_t key) {
        const auto found = children_.find(key);
        abandoned_before_ += found->second->abandoned;
        auto replies = std::move(found->second->ended_replies);
        children_.erase(found);
        for (auto& reply : replies) {
            reply.send();
        }
    }

    void stop_if_done() {
        if (stopping_ && children_.empty()) {
            owner_.stop(stop_reason_);
        }
    }

    DynamicSupervisor& owner_;
    detail::Cell& cell_;
    DynamicSupervisorSpec spec_;
    detail::RestartIntensity intensity_;
    detail::ChildEvents events_;
    std::map<std::uint64_t, std::unique_ptr<Child>> children_;  // in the order of their start
    std::uint64_t last_key_ = 0;
    std::size_t abandoned_before_ = 0;  // by children that are forgotten now
    std::vector<Reply<Pid>> late_;
    bool stopping_ = false;
    ExitReason stop_reason_;
};

DynamicSupervisor::DynamicSupervisor(DynamicSupervisorSpec spec)
    : engine_{std::make_unique<Engine>(*this, spec)} {}

DynamicSupervisor::~DynamicSupervisor() = default;

void DynamicSupervisor::init() {
    trap_exit(true);
}

void DynamicSupervisor::handle_stop(const ExitReason& reason) {
    engine_->stop_all(reason);
}

void DynamicSupervisor::handle_exit(const Pid& from, const ExitReason& reason) {
    if (!from && !reason.is_normal()) {
        engine_->stop_all(reason);  // from outside all processes: an order of the program
    }
}

std::vector<ChildReport> DynamicSupervisor::which_children() const {
    return engine_->which_children();
}

SupervisorReport DynamicSupervisor::own_report() const {
    return engine_->report();
}

void DynamicSupervisor::start_child(ChildSpec spec, Reply<Pid> reply) {
    engine_->start_child(std::move(spec), std::move(reply));
}

void DynamicSupervisor::terminate_child(const Pid& child, Reply<void> reply) {
    engine_->terminate_child(child, std::move(reply));
}

Future<Pid> DynamicSupervisor::start_child(
    const Ref<DynamicSupervisor>& supervisor, ChildSpec spec
) {
    return supervisor.call_async<Pid>(
        [spec = std::move(spec)](DynamicSupervisor& self, Reply<Pid> reply) mutable {
            self.start_child(std::move(spec), std::move(reply));
        },
        kInfinity
    );
}

Future<void> DynamicSupervisor::terminate_child(
    const Ref<DynamicSupervisor>& supervisor, Pid child
) {
    return supervisor.call_async<void>(
        [child = std::move(child)](DynamicSupervisor& self, Reply<void> reply) {
            self.terminate_child(child, std::move(reply));
        },
        kInfinity
    );
}

}  // namespace hourglass::supervision
