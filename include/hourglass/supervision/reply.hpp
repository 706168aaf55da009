#pragma once

#include "hourglass/supervision/answer.hpp"
#include "hourglass/supervision/call_error.hpp"
#include "hourglass/supervision/pid.hpp"

#include <atomic>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace hourglass::supervision {

/// No limit.
inline constexpr std::chrono::nanoseconds kInfinity = std::chrono::nanoseconds::max();
/// How long a call waits unless told otherwise, as in OTP.
inline constexpr std::chrono::nanoseconds kDefaultCallTimeout = std::chrono::seconds{5};

namespace detail {

/// One call under way. Whatever comes first settles it: the answer, the timeout, the end of the
/// process, or the loss of the last Reply.
class PendingCall : public std::enable_shared_from_this<PendingCall> {
public:
    explicit PendingCall(Pid target) noexcept : target_{std::move(target)} {}
    PendingCall(const PendingCall&) = delete;
    PendingCall& operator=(const PendingCall&) = delete;
    virtual ~PendingCall() = default;

    [[nodiscard]] bool waiting() const noexcept {
        return !settled_.load(std::memory_order_acquire);
    }
    bool fail(std::exception_ptr error);
    /// Its holder is gone without having answered.
    void dropped() noexcept;
    void no_process();
    void exited(const ExitReason& reason);
    void start_timeout(std::chrono::nanoseconds timeout);

    /// The handler runs now. If an exception escapes it, the end of the process answers, once it is
    /// dead: a Reply that is lost meanwhile waits for that, because a crash is the better answer
    /// than "no reply".
    void enter_handler();
    void handler_returned();

protected:
    bool claim();
    virtual void deliver_error(std::exception_ptr error) = 0;

private:
    enum class Phase : std::uint8_t { Outside, InHandler, LostInHandler };

    Pid target_;
    std::atomic<bool> settled_{false};
    std::atomic<Phase> phase_{Phase::Outside};
    std::atomic<std::uint64_t> timer_{0};
    std::atomic<std::uint64_t> watch_{0};
};

template <class R>
class PendingCallOf final : public PendingCall {
public:
    PendingCallOf(Pid target, UniqueFunction<void(Answer<R>)> done) noexcept
        : PendingCall{std::move(target)}, done_{std::move(done)} {}

    template <class... V>
    bool answer(V&&... value) {
        if (!claim()) {
            return false;
        }
        auto done = std::move(done_);
        done(Answer<R>::of(std::forward<V>(value)...));
        return true;
    }

private:
    void deliver_error(std::exception_ptr error) override {
        auto done = std::move(done_);
        done(Answer<R>::failed(std::move(error)));
    }

    UniqueFunction<void(Answer<R>)> done_;
};

}  // namespace detail

template <class R>
class Reply;

namespace detail {
template <class R>
const std::shared_ptr<PendingCallOf<R>>& pending_call(const Reply<R>& reply) noexcept;
}  // namespace detail

/// The right to answer one call, once. Keep it to answer later, from any thread.
///
/// Dropped without an answer, it answers CallError (`NoReply`, or `ProcessExited` if the process
/// has ended). The caller also learns at once of the end of the process it called, wherever the
/// Reply is then.
template <class R>
class Reply {
public:
    Reply() noexcept = default;
    explicit Reply(std::shared_ptr<detail::PendingCallOf<R>> call) noexcept
        : call_{std::move(call)} {}
    Reply(Reply&&) noexcept = default;
    Reply& operator=(Reply&& other) noexcept {
        if (this != &other) {
            drop();
            call_ = std::move(other.call_);
        }
        return *this;
    }
    Reply(const Reply&) = delete;
    Reply& operator=(const Reply&) = delete;
    ~Reply() { drop(); }

    explicit operator bool() const noexcept { return call_ != nullptr; }

    /// Whether somebody still waits for the answer.
    [[nodiscard]] bool waiting() const noexcept { return call_ && call_->waiting(); }

    /// Answers. @returns false if the caller was answered before, e.g. by its timeout.
    template <class... V>
        requires std::constructible_from<detail::ValueOf<R>, V...>
    bool send(V&&... value) {
        const auto call = std::move(call_);
        return call && call->answer(std::forward<V>(value)...);
    }

    bool fail(std::exception_ptr error) {
        const auto call = std::move(call_);
        return call && call->fail(std::move(error));
    }
    template <std::derived_from<std::exception> E>
    bool fail(E error) {
        return fail(std::make_exception_ptr(std::move(error)));
    }

private:
    template <class T>
    friend const std::shared_ptr<detail::PendingCallOf<T>>& detail::pending_call(
        const Reply<T>& reply
    ) noexcept;

    void drop() noexcept {
        if (const auto call = std::move(call_)) {
            call->dropped();
        }
    }

    std::shared_ptr<detail::PendingCallOf<R>> call_;
};

namespace detail {

template <class R>
const std::shared_ptr<PendingCallOf<R>>& pending_call(const Reply<R>& reply) noexcept {
    return reply.call_;
}

/// Sends `run(P&, Reply<R>)`, which answers when it likes; `done` gets the answer on the thread
/// that brings it.
template <class P, class R, class Run>
void start_call_async(
    const Pid& target,
    Run run,
    std::chrono::nanoseconds timeout,
    UniqueFunction<void(Answer<R>)> done
) {
    auto call = std::make_shared<PendingCallOf<R>>(target, std::move(done));
    call->start_timeout(timeout);
    Message message{[reply = Reply<R>{call}, run = std::move(run)](Process& process) mutable {
        const auto current = pending_call(reply);
        current->enter_handler();
        std::invoke(run, static_cast<P&>(process), std::move(reply));
        current->handler_returned();
    }};
    if (!post(target, std::move(message))) {
        call->no_process();
    }
}

/// As `start_call_async`, for a `run(P&)` whose result is the answer.
template <class P, class R, class Run>
void start_call(
    const Pid& target,
    Run run,
    std::chrono::nanoseconds timeout,
    UniqueFunction<void(Answer<R>)> done
) {
    start_call_async<P, R>(
        target,
        [run = std::move(run)](P& process, Reply<R> reply) mutable {
            if constexpr (std::is_void_v<R>) {
                std::invoke(run, process);
                reply.send();
            } else {
                reply.send(std::invoke(run, process));
            }
        },
        timeout,
        std::move(done)
    );
}

}  // namespace detail
}  // namespace hourglass::supervision
