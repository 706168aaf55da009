#include "hourglass/supervision/supervisor.hpp"

#include "src/supervision/supervisor_engine.hpp"

#include <utility>

namespace hourglass::supervision {

std::string_view to_text(Strategy strategy) noexcept {
    switch (strategy) {
        case Strategy::OneForOne:
            return "one_for_one";
        case Strategy::OneForAll:
            return "one_for_all";
        case Strategy::RestForOne:
            return "rest_for_one";
    }
    return "unknown";
}

Supervisor::Supervisor(SupervisorSpec spec)
    : engine_{std::make_unique<Engine>(*this, std::move(spec))} {}

Supervisor::~Supervisor() = default;

void Supervisor::init() {
    trap_exit(true);
    defer_init();
    engine_->start_all();
}

void Supervisor::handle_stop(const ExitReason& reason) {
    engine_->stop_all(reason);
}

// As OTP's supervisor, this one ignores exit signals of processes other than its parent. A signal
// from outside all processes is an order of the program.
void Supervisor::handle_exit(const Pid& from, const ExitReason& reason) {
    if (!from && !reason.is_normal()) {
        engine_->stop_all(reason);
    }
}

std::vector<ChildReport> Supervisor::which_children() const {
    return engine_->which_children();
}

SupervisorReport Supervisor::own_report() const {
    return engine_->report();
}

void Supervisor::start_child(ChildSpec spec, Reply<Pid> reply) {
    engine_->start_child(std::move(spec), std::move(reply));
}

void Supervisor::restart_child(std::string id, Reply<Pid> reply) {
    engine_->restart_child(std::move(id), std::move(reply));
}

void Supervisor::terminate_child(std::string id, Reply<void> reply) {
    engine_->terminate_child(std::move(id), std::move(reply));
}

void Supervisor::delete_child(std::string id, Reply<void> reply) {
    engine_->delete_child(std::move(id), std::move(reply));
}

Pid Supervisor::child(std::string_view id) const {
    return engine_->child(id);
}

Future<Pid> Supervisor::start_child(const Ref<Supervisor>& supervisor, ChildSpec spec) {
    return supervisor.call_async<Pid>(
        [spec = std::move(spec)](Supervisor& self, Reply<Pid> reply) mutable {
            self.start_child(std::move(spec), std::move(reply));
        },
        kInfinity
    );
}

Future<Pid> Supervisor::restart_child(const Ref<Supervisor>& supervisor, std::string id) {
    return supervisor.call_async<Pid>(
        [id = std::move(id)](Supervisor& self, Reply<Pid> reply) mutable {
            self.restart_child(std::move(id), std::move(reply));
        },
        kInfinity
    );
}

Future<void> Supervisor::terminate_child(const Ref<Supervisor>& supervisor, std::string id) {
    return supervisor.call_async<void>(
        [id = std::move(id)](Supervisor& self, Reply<void> reply) mutable {
            self.terminate_child(std::move(id), std::move(reply));
        },
        kInfinity
    );
}

Future<void> Supervisor::delete_child(const Ref<Supervisor>& supervisor, std::string id) {
    return supervisor.call_async<void>(
        [id = std::move(id)](Supervisor& self, Reply<void> reply) mutable {
            self.delete_child(std::move(id), std::move(reply));
        },
        kInfinity
    );
}

Future<Pid> Supervisor::child(const Ref<Supervisor>& supervisor, std::string id) {
    return supervisor.call_async<Pid>([id = std::move(id)](Supervisor& self, Reply<Pid> reply) {
        if (Pid pid = self.child(id)) {
            reply.send(std::move(pid));
        } else {
            reply.fail(ChildError{ChildErrorCode::NotFound, id});
        }
    });
}

ChildSpec supervisor_child(std::string id, SupervisorSpec spec) {
    return child<Supervisor>(std::move(id), std::move(spec));
}

}  // namespace hourglass::supervision
