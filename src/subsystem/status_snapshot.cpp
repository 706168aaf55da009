#include "src/subsystem/status_snapshot.hpp"

#include <chrono>

namespace hourglass::subsystem {
namespace {

using supervision::ChildReport;
using supervision::ChildState;
using supervision::Restart;

// Long enough for a person to see what has just been restarted.
constexpr std::chrono::seconds kFresh{10};

}  // namespace

Level level_of(const ChildReport& child) {
    if (child.unavailable) {
        return Level::Down;
    }
    switch (child.state) {
        case ChildState::Running:
            return child.restarts > 0 && child.uptime < kFresh ? Level::Changing : Level::Ok;
        case ChildState::Starting:
        case ChildState::Stopping:
        case ChildState::Restarting:
            return Level::Changing;
        case ChildState::Undefined:
            break;
    }
    const bool in_order = child.restart != Restart::Permanent &&
                          (!child.last_exit || !child.last_exit->is_abnormal());
    return in_order ? Level::Ended : Level::Down;
}

std::string_view to_text(TreeLife::Phase phase) noexcept {
    switch (phase) {
        case TreeLife::Phase::Running:
            return "running";
        case TreeLife::Phase::Stopping:
            return "stopping";
        case TreeLife::Phase::GaveUp:
            return "gave_up";
    }
    return "unknown";
}

std::string_view to_text(Level level) noexcept {
    switch (level) {
        case Level::Ok:
            return "ok";
        case Level::Changing:
            return "changing";
        case Level::Down:
            return "down";
        case Level::Ended:
            return "ended";
    }
    return "unknown";
}

}  // namespace hourglass::subsystem
