#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace conformance {

/// Something that happens once, in one place of the program, and that another one waits for: a
/// row's check and its activities meet by it.
/// @threads any.
class Gate {
public:
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        opened_.notify_all();
    }
    [[nodiscard]] bool is_open() const {
        const std::lock_guard lock{mutex_};
        return open_;
    }
    /// @returns whether it is open.
    bool wait(std::chrono::milliseconds timeout = std::chrono::seconds{30}) const {
        std::unique_lock lock{mutex_};
        return opened_.wait_for(lock, timeout, [this] { return open_; });
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable opened_;
    bool open_ = false;
};

}  // namespace conformance
