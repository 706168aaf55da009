#pragma once

#include "hourglass/convert/serialization_context.hpp"
#include "src/workflow/engine.hpp"

#include <atomic>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

/// While it lives, this thread runs the engine's workflow, and converts its values.
class Engine::Context final : public hourglass::detail::ContextSource {
public:
    explicit Context(Engine& engine) noexcept;
    ~Context();
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    [[nodiscard]] SerializationContext context() const override;

private:
    const Engine& engine_;
    Engine* previous_;
    const hourglass::detail::ConversionScope scope_;
};

/// While it lives, code of the workflow's runs that is no coroutine; other threads may ask what.
class Engine::Doing {
public:
    /// @param what  lives as long as the program.
    Doing(Engine& engine, const char* what) noexcept
        : doing_{engine.doing_}, previous_{engine.doing_.exchange(what)} {}
    ~Doing() { doing_.store(previous_); }
    Doing(const Doing&) = delete;
    Doing& operator=(const Doing&) = delete;

private:
    std::atomic<const char*>& doing_;
    const char* previous_;
};

/// While it lives, nothing may change the workflow or start something.
class Engine::ReadOnly {
public:
    /// @param kind  for messages, such as "the query"; lives as long as the program.
    /// @param name  the handler's, if it has one; outlives this.
    ReadOnly(Engine& engine, const char* kind, std::string_view name = {}) noexcept
        : engine_{engine},
          previous_{std::exchange(engine.read_only_, {kind, name})},
          doing_{engine, kind} {}
    ~ReadOnly() { engine_.read_only_ = previous_; }
    ReadOnly(const ReadOnly&) = delete;
    ReadOnly& operator=(const ReadOnly&) = delete;

private:
    Engine& engine_;
    ReadOnlyPlace previous_;
    Doing doing_;
};

}  // namespace hourglass::workflow
