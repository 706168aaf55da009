#pragma once

#include "src/workflow/engine.hpp"

#include <utility>

namespace hourglass::workflow {

/// While it lives, this thread runs the engine's workflow.
class Engine::Context {
public:
    explicit Context(Engine& engine) noexcept;
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

private:
    Engine* previous_;
};

/// While it lives, nothing may change the workflow or start something.
class Engine::ReadOnly {
public:
    /// @param place  for messages, such as "a query".
    ReadOnly(Engine& engine, const char* place) noexcept
        : engine_{engine}, previous_{std::exchange(engine.read_only_, place)} {}
    ~ReadOnly() { engine_.read_only_ = previous_; }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

private:
    Engine& engine_;
    const char* previous_;
};

}  // namespace hourglass::workflow
