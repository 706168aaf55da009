#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/workflow/detail/task_state.hpp"
#include "hourglass/workflow/sync.hpp"
#include "hourglass/workflow/task.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>

namespace hourglass::workflow {

namespace detail {

[[noreturn]] void reject_closed_channel();
[[noreturn]] void reject_capacity(const char* what);

}  // namespace detail

/// Values from some Tasks of a workflow to others, in their order; a full one makes its senders
/// wait.
template <class T>
class Channel {
public:
    /// @param capacity  how many values it keeps, > 0. @throws ConfigurationError
    explicit Channel(std::size_t capacity) : capacity_{capacity} {
        if (capacity == 0) {
            detail::reject_capacity("Channel");
        }
    }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    /// Waits for room.
    /// @throws ConfigurationError if it is closed, or is while it waits; CancelledError
    [[nodiscard]] Task<void> send(T value) {
        detail::Turns::check_scope("Channel::send()");
        while (!closed_ && values_.size() >= capacity_) {
            co_await senders_.wait();
        }
        put(std::move(value));
    }
    /// Sends if there is room now: from a signal's handler, say.
    /// @throws ConfigurationError if it is closed; OutsideWorkflowError, ReadOnlyError
    [[nodiscard]] bool try_send(T value) {
        detail::require_writable("Channel::try_send()");
        if (!closed_ && values_.size() >= capacity_) {
            return false;
        }
        put(std::move(value));
        return true;
    }

    /// Waits for a value; nothing if it is closed and empty.
    /// @throws CancelledError
    [[nodiscard]] Task<std::optional<T>> receive() {
        detail::Turns::check_scope("Channel::receive()");
        while (!closed_ && values_.empty()) {
            co_await receivers_.wait();
        }
        co_return try_receive();
    }
    /// @throws OutsideWorkflowError, ReadOnlyError
    [[nodiscard]] std::optional<T> try_receive() {
        detail::require_writable("Channel::try_receive()");
        if (values_.empty()) {
            return std::nullopt;
        }
        std::optional<T> value{std::move(values_.front())};
        values_.pop_front();
        senders_.next();
        if (!values_.empty()) {
            receivers_.next();  // one that was woken may have found its value taken
        }
        return value;
    }

    /// No more values come; those that are in it can still be received.
    void close() noexcept {
        closed_ = true;
        senders_.all();
        receivers_.all();
    }
    [[nodiscard]] bool closed() const noexcept { return closed_; }
    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

private:
    void put(T value) {
        if (closed_) {
            detail::reject_closed_channel();
        }
        values_.push_back(std::move(value));
        receivers_.next();
    }

    std::size_t capacity_;
    bool closed_ = false;
    std::deque<T> values_;
    detail::Turns senders_;
    detail::Turns receivers_;
};

}  // namespace hourglass::workflow
