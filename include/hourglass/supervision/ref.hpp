#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/supervision/pid.hpp"
#include "hourglass/supervision/reply.hpp"

#include <chrono>
#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

namespace hourglass::supervision {

namespace detail {

template <class R>
UniqueFunction<void(Answer<R>)> fulfil(Promise<R> promise) {
    return [promise = std::move(promise)](Answer<R> answer) mutable {
        if (!answer.ok()) {
            promise.set_error(answer.error());
        } else if constexpr (std::is_void_v<R>) {
            promise.set_value();
        } else {
            promise.set_value(std::move(answer).value());
        }
    };
}

template <class R>
Answer<R> answer_of(const Future<R>& ready) {
    if (ready.error()) {
        return Answer<R>::failed(ready.error());
    }
    if constexpr (std::is_void_v<R>) {
        return Answer<R>::of();
    } else {
        return Answer<R>::of(ready.get());
    }
}

// Unchecked: for those who know what the process is.
struct RefAccess {
    template <class P>
    static Ref<P> make(Pid pid) {
        return Ref<P>{std::move(pid)};
    }
};

template <class P>
bool is_a([[maybe_unused]] const Process& process) {
    if constexpr (std::is_same_v<P, Process>) {
        return true;
    } else {
        return dynamic_cast<const P*>(&process) != nullptr;
    }
}

}  // namespace detail

/// The typed address of a process: functions sent to it run in the process, one at a time, in the
/// order of sending.
///
/// Copies are cheap and never keep the process alive.
/// @threads any. Inside a process use `Process::request` in place of `call(...).get()`, which would
/// block its thread.
template <class P>
class Ref {
public:
    Ref() noexcept = default;

    [[nodiscard]] const Pid& pid() const noexcept { return pid_; }
    [[nodiscard]] bool alive() const { return pid_.alive(); }
    explicit operator bool() const noexcept { return static_cast<bool>(pid_); }

    /// Runs `f(P&)` in the process some time, without an answer; an exception from `f` ends the
    /// process.
    /// @returns false if the process has ended: `f` will not run. True is no promise that it will.
    template <class F>
        requires std::invocable<std::decay_t<F>&, P&>
    bool cast(F&& f) const {
        return detail::post(pid_, [run = std::forward<F>(f)](Process& process) mutable {
            std::invoke(run, static_cast<P&>(process));
        });
    }

    /// Runs `f(P&)` in the process and answers with its result.
    /// @returns a Future that fails with CallError: at once with `NoProcess` if the process has
    /// ended, with
    ///     `ProcessExited` as soon as it ends before the answer, with `Timeout` after `timeout`
    ///     (kInfinity: never).
    template <class F>
        requires std::invocable<std::decay_t<F>&, P&>
    auto call(F&& f, std::chrono::nanoseconds timeout = kDefaultCallTimeout) const {
        return call<std::invoke_result_t<std::decay_t<F>&, P&>>(std::forward<F>(f), timeout);
    }
    template <class R, class F>
        requires std::invocable<std::decay_t<F>&, P&>
    Future<R> call(F&& f, std::chrono::nanoseconds timeout = kDefaultCallTimeout) const {
        Promise<R> promise;
        Future<R> future = promise.future();
        detail::start_call<P, R>(
            pid_,
            std::decay_t<F>(std::forward<F>(f)),
            timeout,
            detail::fulfil<R>(std::move(promise))
        );
        return future;
    }

    /// As `call`, but `f(P&, Reply<R>)` may keep the Reply and answer later.
    template <class R, class F>
        requires std::invocable<std::decay_t<F>&, P&, Reply<R>>
    Future<R> call_async(F&& f, std::chrono::nanoseconds timeout = kDefaultCallTimeout) const {
        Promise<R> promise;
        Future<R> future = promise.future();
        detail::start_call_async<P, R>(
            pid_,
            std::decay_t<F>(std::forward<F>(f)),
            timeout,
            detail::fulfil<R>(std::move(promise))
        );
        return future;
    }

    /// As `Pid::exit`.
    bool exit(ExitReason reason) const { return pid_.exit(std::move(reason)); }

    friend bool operator==(const Ref&, const Ref&) noexcept = default;

    /// The address of the same process as one of its base classes.
    template <class Base>
        requires(std::derived_from<P, Base> && !std::same_as<P, Base>)
    operator Ref<Base>() const {
        return detail::RefAccess::make<Base>(pid_);
    }

private:
    friend struct detail::RefAccess;
    explicit Ref(Pid pid) noexcept : pid_{std::move(pid)} {}

    Pid pid_;
};

template <class P>
Ref<P> Pid::as() const {
    detail::check_type(*this, &detail::is_a<P>, typeid(P));
    return detail::RefAccess::make<P>(*this);
}

}  // namespace hourglass::supervision
