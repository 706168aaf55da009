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
        if (!closed_ && full()) {
            const bool granted = co_await senders_.wait();
            promised_places_ -= granted ? 1 : 0;
        }
        put(std::move(value));
    }
    /// Sends if there is room now: from a signal's handler, say.
    /// @throws ConfigurationError if it is closed; OutsideWorkflowError, ReadOnlyError
    [[nodiscard]] bool try_send(T value) {
        detail::require_writable("Channel::try_send()");
        if (!closed_ && full()) {
            return false;
        }
        put(std::move(value));
        return true;
    }

    /// Waits for a value; nothing if it is closed and empty.
    /// @throws CancelledError
    [[nodiscard]] Task<std::optional<T>> receive() {
        detail::Turns::check_scope("Channel::receive()");
        if (!closed_ && empty()) {
            const bool granted = co_await receivers_.wait();
            promised_values_ -= granted ? 1 : 0;
        }
        co_return take();
    }
    /// @throws OutsideWorkflowError, ReadOnlyError
    [[nodiscard]] std::optional<T> try_receive() {
        detail::require_writable("Channel::try_receive()");
        return take();
    }

    /// No more values come; those that are in it can still be received.
    /// @throws OutsideWorkflowError, ReadOnlyError
    void close() {
        detail::require_writable("Channel::close()");
        closed_ = true;
        senders_.dismiss_all();
        receivers_.dismiss_all();
    }
    [[nodiscard]] bool closed() const noexcept { return closed_; }
    [[nodiscard]] std::size_t size() const noexcept { return values_.size(); }

private:
    // Who waits is handed a place or a value, which nobody else gets before it goes on.
    [[nodiscard]] bool full() const noexcept {
        return values_.size() + promised_places_ >= capacity_;
    }
    [[nodiscard]] bool empty() const noexcept { return values_.size() <= promised_values_; }

    void put(T value) {
        if (closed_) {
            detail::reject_closed_channel();
        }
        values_.push_back(std::move(value));
        promised_values_ += receivers_.next() ? 1 : 0;
    }
    std::optional<T> take() {
        if (empty()) {
            return std::nullopt;
        }
        std::optional<T> value{std::move(values_.front())};
        values_.pop_front();
        promised_places_ += !closed_ && senders_.next() ? 1 : 0;
        return value;
    }

    std::size_t capacity_;
    bool closed_ = false;
    std::deque<T> values_;
    std::size_t promised_places_ = 0;
    std::size_t promised_values_ = 0;
    detail::Turns senders_;
    detail::Turns receivers_;
};

}  // namespace hourglass::workflow
