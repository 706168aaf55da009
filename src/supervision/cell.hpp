#pragma once

#include "hourglass/supervision/process.hpp"
#include "src/supervision/runtime.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hourglass::supervision::detail {

/// Gives internals the cell behind a Pid, and back.
struct CellAccess {
    static const std::shared_ptr<Cell>& cell(const Pid& pid) noexcept { return pid.cell_; }
    static Pid pid(std::shared_ptr<Cell> cell) noexcept { return Pid{std::move(cell)}; }
    static Runtime& runtime(const System& system) noexcept { return system.runtime(); }
    static Cell& cell(const Process& process) { return process.cell(); }
};

/// Thrown by Process::exit through the handler. No std::exception, so that handlers do not swallow
/// it.
struct ExitException {
    ExitReason reason;
};

/// Who sends an exit signal.
enum class ExitOrigin : std::uint8_t {
    Plain,   ///< Pid::exit
    Link,    ///< a linked process ended
    Parent,  ///< the parent ended, or asks to end
};

using Watch = UniqueFunction<void(const ExitReason&)>;

/// Says, while it lives, that it is this cell's turn on the calling thread.
class CurrentCell {
public:
    explicit CurrentCell(Cell* cell) noexcept;
    CurrentCell(const CurrentCell&) = delete;
    CurrentCell& operator=(const CurrentCell&) = delete;
    ~CurrentCell();

private:
    Cell* previous_;
};

/// The life of one process: mailbox, signals, links, monitors, timers, and the turn in which its
/// handlers run.
///
/// What stands under `mutex_` may be touched by any thread; the rest belongs to the turn. A cell is
/// run by one thread at a time: Idle → Scheduled (in the runtime's queue) → Running → Idle or
/// Scheduled again. Two cells are never locked at once.
class Cell final : public std::enable_shared_from_this<Cell> {
public:
    Cell(std::shared_ptr<Runtime> runtime, std::uint64_t id, Factory factory, SpawnOptions options);
    Cell(const Cell&) = delete;
    Cell& operator=(const Cell&) = delete;
    ~Cell();

    /// The cell whose turn it is on this thread, or null.
    static Cell* current() noexcept;

    // Any thread.
    [[nodiscard]] Pid pid() { return CellAccess::pid(shared_from_this()); }
    [[nodiscard]] std::uint64_t id() const noexcept { return id_; }
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const Pid& parent() const noexcept { return parent_; }
    [[nodiscard]] Runtime& runtime() const noexcept { return *runtime_; }
    [[nodiscard]] const std::shared_ptr<Runtime>& shared_runtime() const noexcept {
        return runtime_;
    }
    [[nodiscard]] bool alive() const;
    [[nodiscard]] std::size_t mailbox_length() const;
    /// How it ended, or nothing while it lives.
    [[nodiscard]] std::optional<ExitReason> ended() const;
    void check_type(bool (*accepts)(const Process&), const std::type_info& wanted) const;

    /// Before launch: who hears how the start came out. Told at once if the process is dead
    /// already.
    void on_started(StartedHook told);
    /// Lets the first turn come; messages may be posted before.
    void launch();
    bool post(Message&& message);
    bool signal_exit(const Pid& from, ExitReason reason, ExitOrigin origin);
    /// `told` runs once when the process has ended. @param watch  from Runtime::next_token, to take
    /// it back.
    /// @returns false, and does not run it, if the process has ended already.
    bool watch(std::uint64_t watch, Watch told);
    void unwatch(std::uint64_t watch);

    enum class KillOutcome : std::uint8_t { WasDead, Killed, Abandoned };
    /// Declares the process dead without waiting for the handler that may run.
    /// Whether kill_now has come while a handler ran.
    [[nodiscard]] bool was_abandoned() const;
    KillOutcome kill_now(const ExitReason& reason = ExitReason::killed());
    /// As kill_now, and destroys the process here; only when no thread runs cells.
    void end_now();

    [[nodiscard]] std::vector<Pid> children() const;
    /// @returns false if this process has ended or lets no more children in.
    bool adopt(const std::shared_ptr<Cell>& child);
    void disown(const Cell& child);
    [[nodiscard]] bool has_children() const;
    void close_nursery();
    [[nodiscard]] bool nursery_is_closed() const;

    // The runtime's thread.
    void run();

    // In a turn of this cell.
    void request_stop(ExitReason reason);
    void set_trap_exit(bool on);
    void link(const Pid& other);
    void unlink(const Pid& other);
    MonitorRef monitor(const Pid& other);
    bool demonitor(MonitorRef monitor);
    TimerRef send_after(std::chrono::nanoseconds delay, UniqueFunction<void()> then);
    bool cancel_timer(TimerRef timer);
    void defer_init() { deferred_ = true; }
    void init_done();
    void ignore();
    /// The call whose handler runs, so that a caller does not wait for a handler that is given up.
    /// @returns false if the process has been declared dead.
    bool set_in_flight(std::shared_ptr<PendingCall> call);

private:
    enum class Turn : std::uint8_t { Idle, Scheduled, Running };

    /// All that others have to be told of when the process ends, taken out under the lock.
    struct Remains {
        ExitReason reason;
        bool started = false;
        bool ignored = false;
        StartedHook on_started;
        ExitedHook on_exited;
        std::vector<Message> inbox;
        std::vector<Message> outbox;
        std::unordered_map<std::uint64_t, Watch> watches;
        std::unordered_map<Cell*, Pid> links;
        std::map<std::uint64_t, Pid> children;
        std::shared_ptr<PendingCall> in_flight;
    };

    static constexpr int kMessagesPerTurn = 64;

    bool begin_turn();
    std::optional<ExitReason> construct_and_init();
    std::optional<ExitReason> pending_exit();
    std::optional<ExitReason> handle(Message message);
    std::optional<Message> next_message_or_park();
    void yield_turn();
    void finish(const ExitReason& reason);
    bool close(const ExitReason& reason, Remains& remains);
    void close_locked(const ExitReason& reason, Remains& remains);
    void announce(Remains remains);
    void bury();
    void down(Process& process, MonitorRef monitor, const Pid& other, const ExitReason& reason);
    void fire(std::uint64_t timer);
    void deliver_exit(
        Process& process, const Pid& from, const ExitReason& reason, ExitOrigin origin
    );
    template <class F>
    std::optional<ExitReason> guarded(F&& f);

    const std::shared_ptr<Runtime> runtime_;
    const std::uint64_t id_;
    const std::string name_;
    const Pid parent_;

    mutable std::mutex mutex_;
    Turn turn_ = Turn::Idle;
    bool launched_ = false;
    bool closed_ = false;     // takes part in nothing any more
    bool announced_ = false;  // and everybody has been told, the supervisor first
    bool ignored_ = false;
    bool started_ = false;
    bool trap_exit_ = false;
    bool nursery_closed_ = false;
    bool abandoned_ = false;       // for good
    bool thread_is_lost_ = false;  // until the handler returns
    ExitReason reason_;
    std::optional<ExitReason> exit_signal_;
    std::vector<Message> inbox_;
    std::vector<Message> outbox_;  // what the turn took from the inbox, from outbox_next_ on
    std::size_t outbox_next_ = 0;
    std::unordered_map<std::uint64_t, Watch> watches_;
    std::unordered_map<Cell*, Pid> links_;
    std::map<std::uint64_t, Pid> children_;
    std::shared_ptr<PendingCall> in_flight_;
    StartedHook on_started_;
    ExitedHook on_exited_;
    std::unique_ptr<Process> process_;  // set and taken under the lock, used in the turn

    // The turn's own.
    Factory factory_;
    Message first_message_;
    bool constructed_ = false;
    bool deferred_ = false;
    std::optional<ExitReason> stop_;
    std::unordered_map<std::uint64_t, UniqueFunction<void()>> timers_;
    std::unordered_map<MonitorRef, Pid> monitors_;

    std::atomic<bool> attention_{false
    };  // an exit signal or a kill waits: look before the next message
};

}  // namespace hourglass::supervision::detail
