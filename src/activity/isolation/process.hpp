#pragma once

#include "src/activity/isolation/frame.hpp"
#include "src/activity/isolation/server_handle.hpp"

#include <atomic>
#include <optional>
#include <sys/types.h>
#include <utility>

namespace hourglass::activity::isolation {

/// A process for isolated activities, from the program's side. It ends with the object.
class Process {
public:
    explicit Process(MadeProcess made) noexcept
        : pid_{made.pid},
          lease_{std::move(made.lease)},
          channel_{std::move(made.channel), lease_.get()} {}

    // Not by closing the lease alone: a process that the program forks holds it open too.
    ~Process() { kill(); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    /// Ends when the process does, whoever else has its end of it: a reader of it finds out.
    [[nodiscard]] Channel& channel() noexcept { return channel_; }

    /// Kills it, without waiting.
    /// @threads any.
    void kill() noexcept;
    /// @returns false once it has ended, or has been told to.
    /// @threads any.
    [[nodiscard]] bool usable() const noexcept;
    struct End {
        /// Empty if the server went away, which says it.
        std::optional<Notice> notice;
        /// It did not end by itself.
        bool killed = false;
    };
    /// Waits until it has ended, and kills it if it has not a second after its channel.
    [[nodiscard]] End end();

private:
    const pid_t pid_;
    UniqueFd lease_;
    Channel channel_;
    std::atomic<bool> killed_{false};
};

}  // namespace hourglass::activity::isolation
