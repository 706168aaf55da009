#pragma once

#include "src/workflow/engine.hpp"

#include <string>
#include <utility>

namespace hourglass::workflow {

/// A handler of a signal or an update is under way while it lives.
class Engine::RunningHandler {
public:
    RunningHandler(Engine& engine, HandlerRun run)
        : engine_{&engine},
          place_{engine.running_handlers_.insert(engine.running_handlers_.end(), std::move(run))} {}
    RunningHandler(RunningHandler&& other) noexcept
        : engine_{std::exchange(other.engine_, nullptr)}, place_{other.place_} {}
    RunningHandler& operator=(RunningHandler&&) = delete;
    RunningHandler(const RunningHandler&) = delete;
    RunningHandler& operator=(const RunningHandler&) = delete;
    ~RunningHandler() {
        if (engine_ != nullptr) {
            engine_->running_handlers_.erase(place_);
        }
    }

    [[nodiscard]] HandlerRun& run() const { return *place_; }

private:
    Engine* engine_;
    std::list<HandlerRun>::iterator place_;
};

}  // namespace hourglass::workflow
