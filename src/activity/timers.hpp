#pragma once

#include "hourglass/base/unique_function.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

namespace hourglass::activity {

/// Calls back after a while. Callbacks are short: they post. Implementations bear any thread.
class Timers {
public:
    using Id = std::uint64_t;

    virtual ~Timers() = default;
    /// @throws std::system_error if the time cannot be kept because no thread could be started.
    virtual Id after(std::chrono::nanoseconds delay, UniqueFunction<void()> callback) = 0;
    /// A callback that is already running, or has run, is left alone.
    virtual void cancel(Id id) = 0;
};

/// Timers on one thread, which starts with the first of them. Callbacks still to come at the end
/// are dropped.
class ThreadTimers final : public Timers {
public:
    ThreadTimers();
    ~ThreadTimers() override;
    ThreadTimers(const ThreadTimers&) = delete;
    ThreadTimers& operator=(const ThreadTimers&) = delete;

    Id after(std::chrono::nanoseconds delay, UniqueFunction<void()> callback) override;
    void cancel(Id id) override;

private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace hourglass::activity
