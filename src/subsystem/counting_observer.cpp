#include "src/subsystem/counting_observer.hpp"

#include "src/subsystem/runtime.hpp"

#include <string>

namespace hourglass::subsystem {

using supervision::ChildEvent;

void CountingObserver::child_exited(const ChildEvent& event) noexcept {
    const bool took_others_along = event.restarting.size() > 1;
    // Whoever met it first, and however many did: the Runtime dies of it once.
    const bool stale = event.reason.name() == kBridgeReloaded;
    if (took_others_along || stale) {
        counters_->change([&](Counters& counters) {
            if (took_others_along) {
                ++counters.cascades[event.child_id];
            }
            if (stale) {
                ++counters.stale_handles;
            }
        });
    }
}

void CountingObserver::child_restarted(const ChildEvent& event) noexcept {
    counters_->change([&](Counters& counters) { ++counters.restarts[event.child_id]; });
}

void CountingObserver::child_abandoned(const ChildEvent& event) noexcept {
    counters_->change([&](Counters& counters) { ++counters.abandoned_handlers[event.child_id]; });
}

void CountingObserver::intensity_exceeded(const ChildEvent& event) noexcept {
    const std::string path = event.supervisor.name();
    std::string id = path.substr(path.rfind('/') + 1);
    if (id.empty()) {
        id = "Application";  // the root has no name
    }
    counters_->change([&](Counters& counters) { ++counters.supervisors_given_up[id]; });
}

}  // namespace hourglass::subsystem
