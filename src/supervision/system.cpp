#include "hourglass/supervision/system.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/supervision/call_error.hpp"
#include "src/supervision/cell.hpp"
#include "src/supervision/threaded_runtime.hpp"

#include <algorithm>
#include <thread>

namespace hourglass::supervision {

Pid System::launch(detail::Factory factory, detail::SpawnOptions options) const {
    const auto cell = runtime_->make_cell(std::move(factory), std::move(options));
    cell->launch();
    return cell->pid();
}

void System::start_process(detail::Factory factory, UniqueFunction<void(Answer<Pid>)> done) const {
    const auto cell = runtime_->make_cell(std::move(factory), {});
    cell->on_started([done = std::move(done
                      )](const Pid& pid, const detail::StartOutcome& outcome) mutable {
        switch (outcome.kind) {
            case detail::StartOutcome::Kind::Started:
                done(Answer<Pid>::of(pid));
                break;
            case detail::StartOutcome::Kind::Ignored:
                done(Answer<Pid>::failed(
                    std::make_exception_ptr(ChildError{ChildErrorCode::Ignored, "process"})
                ));
                break;
            case detail::StartOutcome::Kind::Failed:
                done(Answer<Pid>::failed(std::make_exception_ptr(
                    ChildError{ChildErrorCode::StartFailed, "process", outcome.reason}
                )));
                break;
        }
    });
    cell->launch();
}

Future<ExitReason> System::ended(const Pid& pid) const {
    // Shared: the watch is dropped without having run if the process has ended already.
    const auto promise = std::make_shared<Promise<ExitReason>>();
    auto future = promise->future();
    const auto& cell = detail::CellAccess::cell(pid);
    const auto tell = [promise](const ExitReason& reason) { promise->set_value(reason); };
    if (!cell) {
        tell(ExitReason::no_process());
    } else if (!cell->watch(detail::Runtime::next_token(), tell)) {
        tell(cell->ended().value_or(ExitReason::no_process()));
    }
    return future;
}

Future<ExitReason> System::stop(const Pid& pid, ExitReason reason, std::chrono::nanoseconds timeout)
    const {
    auto future = ended(pid);
    const auto& cell = detail::CellAccess::cell(pid);
    if (!cell || future.ready()) {
        return future;
    }
    if (timeout != kInfinity) {
        const std::uint64_t timer = runtime_->add_timer(timeout, [pid] {
            if (detail::CellAccess::cell(pid)->kill_now() == detail::Cell::KillOutcome::Abandoned) {
                log::warn(
                    "a process did not stop in time and is abandoned: one of its handlers still "
                    "runs",
                    {{"process", pid.text()}, {"name", pid.name()}}
                );
            }
        });
        future.on_ready([runtime = std::weak_ptr{runtime_}, timer] {
            if (const auto alive = runtime.lock()) {
                alive->cancel_timer(timer);
            }
        });
    }
    cell->signal_exit(Pid{}, std::move(reason), detail::ExitOrigin::Parent);
    return future;
}

void System::observe(std::shared_ptr<SupervisorObserver> observer) const {
    runtime_->observe(std::move(observer));
}

Clock::time_point System::now() const {
    return runtime_->now();
}

std::vector<Pid> System::processes() const {
    std::vector<Pid> list;
    for (const auto& cell : runtime_->cells()) {
        list.push_back(cell->pid());
    }
    return list;
}

std::size_t System::abandoned() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, runtime_->abandoned()));
}

namespace {

// How long threads may take for the handlers that run when everything else has ended.
constexpr std::chrono::milliseconds kLastHandlers{200};
// How long processes may take that end because their parent did.
constexpr std::chrono::seconds kLastOrphans{1};

std::shared_ptr<detail::Runtime> start_threads(const SystemOptions& options) {
    auto runtime = std::make_shared<detail::ThreadedRuntime>();
    runtime->start(
        options.threads != 0 ? options.threads
                             : std::max<std::size_t>(2, std::thread::hardware_concurrency())
    );
    return runtime;
}

}  // namespace

ThreadedSystem::ThreadedSystem(SystemOptions options)
    : System{start_threads(options)}, options_{options} {}

// Only a lack of memory could throw here, and then the program may end.
ThreadedSystem::~ThreadedSystem() {  // NOLINT(bugprone-exception-escape)
    shutdown();
}

bool ThreadedSystem::is_own_thread() const {
    return static_cast<detail::ThreadedRuntime&>(runtime()).is_own_thread();
}

void ThreadedSystem::shutdown() {
    auto& threads = static_cast<detail::ThreadedRuntime&>(runtime());
    if (threads.is_own_thread()) {
        throw ConfigurationError{
            "a system cannot be ended by one of its own processes: it would wait for itself; end "
            "it from the thread "
            "that made it"
        };
    }
    // Twice: what stops first may still start something, and others may not know yet.
    for (const bool last : {false, true}) {
        auto living = threads.cells();
        std::ranges::reverse(living);
        for (const auto& cell : living) {
            if (!cell->parent()) {
                stop(cell->pid(), ExitReason::shutdown(), options_.shutdown_timeout).wait();
            }
        }
        if (!last) {
            threads.refuse_roots();
        }
    }
    static_cast<void>(threads.wait_until_empty(kLastOrphans));
    threads.stop(kLastHandlers);
}

}  // namespace hourglass::supervision
