#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/base/unique_function.hpp"
#include "hourglass/supervision/exit_reason.hpp"
#include "hourglass/supervision/pid.hpp"
#include "hourglass/supervision/ref.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::supervision {

class SupervisorObserver;

namespace detail {

class Runtime;
using Factory = UniqueFunction<std::unique_ptr<Process>()>;

/// How a start came out.
struct StartOutcome {
    enum class Kind : std::uint8_t { Started, Ignored, Failed };
    Kind kind = Kind::Started;
    ExitReason reason = {};
};

using StartedHook = UniqueFunction<void(const Pid&, const StartOutcome&)>;
using ExitedHook = UniqueFunction<void(const Pid&, const ExitReason&)>;

struct SpawnOptions {
    Pid parent = {};              ///< whose end ends this process, and who stops it
    std::string name = {};        ///< see Pid::name
    StartedHook on_started = {};  ///< once; on the thread of the process
    ExitedHook on_exited = {};    ///< once, if it had started
    Message first_message = {};   ///< runs right after init, before all others
};

}  // namespace detail

using Clock = std::chrono::steady_clock;

/// Runs processes. This is a handle: copies mean the same system, which lives in a ThreadedSystem
/// or a VirtualSystem.
///
/// After the end of the system every process in it is dead, every call fails with `NoProcess`;
/// handles and addresses stay usable.
/// @threads any.
class System {
public:
    /// Starts a `P` constructed from copies of `args`, and returns without waiting; constructor and
    /// `init` run in the process. The process belongs to nobody: it ends by itself, or with the
    /// system.
    template <class P, class... A>
    Ref<P> spawn(A&&... args) const {
        return detail::RefAccess::make<P>(launch(factory<P>(std::forward<A>(args)...), {}));
    }

    /// As `spawn`; the answer comes when `init` is done.
    /// @returns a Future that fails with ChildError: `StartFailed` and the reason, or `Ignored`.
    template <class P, class... A>
    Future<Ref<P>> start(A&&... args) const {
        Promise<Ref<P>> promise;
        Future<Ref<P>> future = promise.future();
        start_process(
            factory<P>(std::forward<A>(args)...),
            [promise = std::move(promise)](Answer<Pid> answer) mutable {
                if (answer.ok()) {
                    promise.set_value(detail::RefAccess::make<P>(std::move(answer).value()));
                } else {
                    promise.set_error(answer.error());
                }
            }
        );
        return future;
    }

    /// The low-level form, for those who write supervisors.
    Pid launch(detail::Factory factory, detail::SpawnOptions options) const;

    /// How `pid` ended, once it has; at once if it has ended already.
    [[nodiscard]] Future<ExitReason> ended(const Pid& pid) const;

    /// Asks `pid` to end as its supervisor would, and kills it after `timeout` of this system's
    /// clock.
    /// @returns how it ended, at once if it had ended before.
    Future<ExitReason> stop(
        const Pid& pid,
        ExitReason reason = ExitReason::shutdown(),
        std::chrono::nanoseconds timeout = std::chrono::seconds{5}
    ) const;

    /// Tells `observer` what the supervisors of this system do, from now on.
    void observe(std::shared_ptr<SupervisorObserver> observer) const;

    [[nodiscard]] Clock::time_point now() const;
    /// The living processes, oldest first.
    [[nodiscard]] std::vector<Pid> processes() const;
    /// Processes that were given up while a handler still ran (see ChildSpec::shutdown), and run
    /// yet.
    [[nodiscard]] std::size_t abandoned() const;

protected:
    friend struct detail::CellAccess;
    explicit System(std::shared_ptr<detail::Runtime> runtime) noexcept
        : runtime_{std::move(runtime)} {}
    [[nodiscard]] detail::Runtime& runtime() const noexcept { return *runtime_; }

private:
    friend class Process;

    template <class P, class... A>
    static detail::Factory factory(A&&... args) {
        static_assert(std::is_base_of_v<Process, P>, "a process is a class derived from Process");
        return [stored = std::tuple<std::decay_t<A>...>{std::forward<A>(args)...}]() mutable {
            return std::unique_ptr<Process>{std::apply(
                [](auto&&... each) {
                    return std::make_unique<P>(std::forward<decltype(each)>(each)...);
                },
                std::move(stored)
            )};
        };
    }

    void start_process(detail::Factory factory, UniqueFunction<void(Answer<Pid>)> done) const;

    std::shared_ptr<detail::Runtime> runtime_;
};

struct SystemOptions {
    /// Threads that run processes; 0 means as many as the machine has cores, at least 2.
    std::size_t threads = 0;
    /// How long the destructor waits for each process that nobody supervises (supervisors first, in
    /// the reverse order of their start) before it kills it.
    std::chrono::nanoseconds shutdown_timeout = std::chrono::seconds{10};
};

/// A system on a pool of threads and the real clock.
class ThreadedSystem : public System {
public:
    explicit ThreadedSystem(SystemOptions options = {});
    /// As `shutdown()`. Not from one of its own processes.
    ~ThreadedSystem();
    ThreadedSystem(const ThreadedSystem&) = delete;
    ThreadedSystem& operator=(const ThreadedSystem&) = delete;

    /// Stops the processes without a supervisor, the youngest first, each as `stop()` would, then
    /// the threads. A handler that does not return is left behind on its thread, and reported.
    /// @threads any but its own; idempotent.
    void shutdown();
    /// Whether the caller is on one of the threads that run its processes.
    [[nodiscard]] bool is_own_thread() const;

private:
    SystemOptions options_;
};

}  // namespace hourglass::supervision
