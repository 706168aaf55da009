#include "src/supervision/child_events.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/supervision/reply.hpp"

#include <utility>

namespace hourglass::supervision::detail {
namespace {

std::string joined(const std::vector<std::string>& ids) {
    std::string text;
    for (const auto& id : ids) {
        text.append(text.empty() ? "" : ",").append(id);
    }
    return text.empty() ? "nothing" : text;
}

std::vector<log::Field> fields(const ChildEvent& event, const std::string& supervisor) {
    return {
        {"supervisor", supervisor},
        {"child", event.child_id},
        {"pid", event.child.text()},
        {"reason", event.reason.text()},
        {"restarts", std::to_string(event.restarts)},
        {"restarting", joined(event.restarting)},
    };
}

log::Level level_of(const ChildEvent& event, bool asked) {
    // A supervisor that gives up ends with `shutdown`, caused by something that is none.
    const bool bad = event.reason.is_abnormal() || event.reason.cause() != nullptr;
    if (bad && !(asked && event.reason.kind() == ExitReason::Kind::Killed)) {
        return log::Level::Error;
    }
    if (event.abandoned) {
        return log::Level::Warn;
    }
    return event.restarting.empty() ? log::Level::Debug : log::Level::Info;
}

}  // namespace

template <class Hook>
void ChildEvents::tell(ChildEvent& event, Hook hook) const {
    const auto observers = runtime_->observers();
    if (observers.empty()) {
        return;
    }
    event.supervisor = supervisor_;
    for (const auto& observer : observers) {
        (observer.get()->*hook)(event);
    }
}

void ChildEvents::started(ChildEvent event) const {
    tell(event, &SupervisorObserver::child_started);
}

void ChildEvents::restarted(ChildEvent event) const {
    if (log::enabled(log::Level::Info)) {
        log::info(
            "child restarted",
            {{"supervisor", name_},
             {"child", event.child_id},
             {"pid", event.child.text()},
             {"restarts", std::to_string(event.restarts)}}
        );
    }
    tell(event, &SupervisorObserver::child_restarted);
}

void ChildEvents::exited(ChildEvent event, bool asked) const {
    const auto level = level_of(event, asked);
    if (log::enabled(level)) {
        auto line = fields(event, name_);
        line.push_back({"asked", asked ? "yes" : "no"});
        log::write(
            level,
            event.abandoned ? "child exited and is abandoned: one of its handlers still runs, "
                              "without effect on the tree"
                            : "child exited",
            std::move(line)
        );
    }
    if (event.abandoned) {
        tell(event, &SupervisorObserver::child_abandoned);
    }
    tell(event, &SupervisorObserver::child_exited);
}

void ChildEvents::start_failed(const ChildEvent& event) const {
    log::error("child failed to start", fields(event, name_));
}

void ChildEvents::intensity_exceeded(
    ChildEvent event, std::size_t max_restarts, std::chrono::nanoseconds within
) const {
    auto line = fields(event, name_);
    line.push_back({"max_restarts", std::to_string(max_restarts)});
    line.push_back({"within", duration_text(within)});
    log::error(
        "too many restarts: the supervisor stops its children and gives up", std::move(line)
    );
    tell(event, &SupervisorObserver::intensity_exceeded);
}

std::string duration_text(std::chrono::nanoseconds duration) {
    if (duration == kInfinity) {
        return "infinity";
    }
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace hourglass::supervision::detail
