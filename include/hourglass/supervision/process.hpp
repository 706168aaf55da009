#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/supervision/exit_reason.hpp"
#include "hourglass/supervision/pid.hpp"
#include "hourglass/supervision/ref.hpp"
#include "hourglass/supervision/system.hpp"

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace hourglass::supervision {

/// A process: private state, and a mailbox of functions that run on it one at a time, in order.
///
/// Derive from it, give the class ordinary public member functions, and start it with
/// `System::spawn`, `System::start` or below a supervisor; others reach it through its `Ref`. No
/// thread belongs to a process: a pool runs many. A handler that blocks keeps one thread of the
/// pool busy, so ask others with `request`. An exception that escapes the constructor or any
/// handler ends the process with `ExitReason::crashed`.
/// @threads everything here runs in the process itself; only the constructor may use `self()` and
/// so on before `init`.
class Process {
public:
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;
    virtual ~Process() = default;

protected:
    Process();

    /// Runs first. Until it returns the starter waits; an exception makes the start fail.
    virtual void init() {}

    /// Runs last, whatever the reason but `killed`; the mailbox still takes messages, which nobody
    /// will read.
    virtual void terminate(const ExitReason& /*reason*/) noexcept {}

    /// Another process linked to this one ended, or somebody sent an exit signal; only with
    /// `trap_exit(true)`.
    /// @param from  nobody's, if the signal came from outside any process.
    virtual void handle_exit(const Pid& /*from*/, const ExitReason& /*reason*/) {}

    /// A process that this one monitors has ended; once for each monitor.
    virtual void handle_down(
        MonitorRef /*monitor*/, const Pid& /*process*/, const ExitReason& /*reason*/
    ) {}

    /// The parent (its supervisor, or `System::stop`) asks it to end; only with `trap_exit(true)`,
    /// without it the process ends at once. Override to finish work first, and call `stop(reason)`
    /// when done, in this handler or in a later one; the parent kills it after the shutdown time of
    /// its ChildSpec.
    virtual void handle_stop(const ExitReason& reason) { stop(reason); }

    [[nodiscard]] Pid self() const;
    [[nodiscard]] System system() const;

    /// Ends this process once the running handler has returned; of several reasons the first
    /// counts.
    void stop(ExitReason reason = {});
    /// Ends this process now, by an exception that passes through the running handler (it is no
    /// std::exception).
    [[noreturn]] void exit(ExitReason reason = {});

    /// Whether exit signals come as `handle_exit` and `handle_stop` instead of ending this process.
    /// Default: false.
    void trap_exit(bool on);

    /// From now on the abnormal end of one ends the other too. Linking to a dead process sends
    /// `no_process` back.
    void link(const Pid& other);
    /// Takes the link away: no exit of `other` will be seen any more. A child cannot unlink itself
    /// from its supervisor.
    void unlink(const Pid& other);

    /// Watches `other`: its end comes as `handle_down`, at once with `no_process` if it has ended
    /// already.
    MonitorRef monitor(const Pid& other);
    /// After it no `handle_down` of `monitor` comes. @returns false if there was no such monitor
    /// (any more).
    bool demonitor(MonitorRef monitor);

    /// Runs `then` in this process after `delay` of the system's clock.
    TimerRef send_after(std::chrono::nanoseconds delay, UniqueFunction<void()> then);
    /// After it the timer's function does not run. @returns false if it has run.
    bool cancel_timer(TimerRef timer);

    /// Calls `f(P&)` in another process; `then(Answer<R>)` runs in this one, unless it has ended by
    /// then.
    template <class P, class F, class Then>
        requires std::invocable<F&, P&>
    void request(
        const Ref<P>& target, F f, Then then, std::chrono::nanoseconds timeout = kDefaultCallTimeout
    ) {
        using R = std::invoke_result_t<F&, P&>;
        detail::start_call<P, R>(
            target.pid(), std::move(f), timeout, answer_to_self<R>(std::move(then))
        );
    }

    /// As `request`, for an `f(P&, Reply<R>)` that answers when it likes.
    template <class R, class P, class F, class Then>
        requires std::invocable<F&, P&, Reply<R>>
    void request_async(
        const Ref<P>& target, F f, Then then, std::chrono::nanoseconds timeout = kDefaultCallTimeout
    ) {
        detail::start_call_async<P, R>(
            target.pid(), std::move(f), timeout, answer_to_self<R>(std::move(then))
        );
    }

    /// Runs `then(Answer<R>)` in this process when the future has its result, unless this process
    /// has ended by then.
    template <class R, class Then>
        requires std::invocable<Then&, Answer<R>>
    void when_ready(Future<R> future, Then then) {
        auto post =
            std::make_shared<UniqueFunction<void(Answer<R>)>>(answer_to_self<R>(std::move(then)));
        future.on_ready([future, post] { (*post)(detail::answer_of(future)); });
    }

    /// In `init`: the starter keeps waiting after `init` has returned, until `init_done`, `stop` or
    /// a crash. Messages run meanwhile: that is how the answers come which the start needs.
    void defer_init();
    void init_done();
    /// In `init`, or while it is deferred: nothing is to run here. The process ends with `normal`,
    /// and its supervisor keeps the child without a process (OTP's `:ignore`).
    void ignore();

private:
    friend class detail::Cell;
    friend struct detail::CellAccess;

    template <class R, class Then>
    UniqueFunction<void(Answer<R>)> answer_to_self(Then then) {
        return [me = self(), then = std::move(then)](Answer<R> answer) mutable {
            detail::post(
                me,
                [then = std::move(then), answer = std::move(answer)](Process&) mutable {
                    std::invoke(then, std::move(answer));
                }
            );
        };
    }

    detail::Cell& cell() const;

    detail::Cell* cell_;  // owns this

    template <class P>
    friend Ref<P> ref_to(const P& process);
};

/// The typed address of the process that asks: `ref_to(*this)`.
template <class P>
[[nodiscard]] Ref<P> ref_to(const P& process) {
    static_assert(std::derived_from<P, Process>);
    return detail::RefAccess::make<P>(static_cast<const Process&>(process).self());
}

}  // namespace hourglass::supervision
