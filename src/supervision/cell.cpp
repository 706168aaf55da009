#include "src/supervision/cell.hpp"

#include "src/base/fork.hpp"

#include <exception>

namespace hourglass::supervision::detail {
namespace {

thread_local Cell* current_cell = nullptr;

}  // namespace

Cell::Cell(
    std::shared_ptr<Runtime> runtime, std::uint64_t id, Factory factory, SpawnOptions options
)
    : runtime_{std::move(runtime)},
      id_{id},
      name_{std::move(options.name)},
      parent_{std::move(options.parent)},
      on_started_{std::move(options.on_started)},
      on_exited_{std::move(options.on_exited)},
      factory_{std::move(factory)},
      first_message_{std::move(options.first_message)} {}

Cell::~Cell() = default;

CurrentCell::CurrentCell(Cell* cell) noexcept : previous_{std::exchange(current_cell, cell)} {}

CurrentCell::~CurrentCell() {
    current_cell = previous_;
}

Cell* Cell::current() noexcept {
    return current_cell;
}

bool Cell::alive() const {
    const std::lock_guard lock{mutex_};
    return !closed_;
}

std::size_t Cell::mailbox_length() const {
    const std::lock_guard lock{mutex_};
    return inbox_.size() + outbox_.size() - outbox_next_;
}

std::optional<ExitReason> Cell::ended() const {
    const std::lock_guard lock{mutex_};
    return closed_ ? std::optional{reason_} : std::nullopt;
}

void Cell::check_type(bool (*accepts)(const Process&), const std::type_info& wanted) const {
    const std::lock_guard lock{mutex_};
    if (process_ && !accepts(*process_)) {
        const Process& process = *process_;
        throw ConfigurationError{
            "process <0." + std::to_string(id_) + ".0> " + name_ + " is a " +
            typeid(process).name() + ", not a " + wanted.name() +
            "; ask for the type it was started as"
        };
    }
}

void Cell::on_started(StartedHook told) {
    {
        const std::lock_guard lock{mutex_};
        if (!closed_) {
            on_started_ = std::move(told);
            return;
        }
    }
    told(pid(), {StartOutcome::Kind::Failed, reason_});
}

void Cell::launch() {
    {
        const std::lock_guard lock{mutex_};
        if (closed_ || launched_) {
            return;
        }
        launched_ = true;
        turn_ = Turn::Scheduled;
    }
    runtime_->enqueue(shared_from_this());
}

bool Cell::post(Message&& message) {
    {
        const std::lock_guard lock{mutex_};
        if (announced_) {
            return false;
        }
        inbox_.push_back(std::move(message));
        if (closed_) {
            return true;  // dropped when the end is announced
        }
        if (turn_ != Turn::Idle || !launched_) {
            return true;
        }
        turn_ = Turn::Scheduled;
    }
    runtime_->enqueue(shared_from_this());
    return true;
}

bool Cell::signal_exit(const Pid& from, ExitReason reason, ExitOrigin origin) {
    {
        const std::lock_guard lock{mutex_};
        if (closed_) {
            return false;
        }
        const bool kill = origin == ExitOrigin::Plain && reason.kind() == ExitReason::Kind::Kill;
        if (origin == ExitOrigin::Link && !links_.contains(CellAccess::cell(from).get())) {
            return true;  // unlinked before
        }
        if (trap_exit_ && !kill) {
            inbox_.emplace_back([this, from, reason = std::move(reason), origin](Process& process) {
                deliver_exit(process, from, reason, origin);
            });
        } else {
            if (origin == ExitOrigin::Link) {
                links_.erase(CellAccess::cell(from).get());
            }
            const bool from_self = CellAccess::cell(from).get() == this;
            if (reason.is_normal() && origin != ExitOrigin::Parent && !from_self) {
                return true;
            }
            if (kill) {
                exit_signal_ = ExitReason::killed();
            } else if (!exit_signal_) {
                exit_signal_ = std::move(reason);
            }
            attention_.store(true, std::memory_order_release);
        }
        if (turn_ != Turn::Idle || !launched_) {
            return true;
        }
        turn_ = Turn::Scheduled;
    }
    runtime_->enqueue(shared_from_this());
    return true;
}

// Runs in this cell's turn; `this` cannot dangle, since the message is in its own mailbox.
void Cell::deliver_exit(
    Process& process, const Pid& from, const ExitReason& reason, ExitOrigin origin
) {
    if (origin == ExitOrigin::Parent) {
        process.handle_stop(reason);
        return;
    }
    if (origin == ExitOrigin::Link) {
        const std::lock_guard lock{mutex_};
        if (links_.erase(CellAccess::cell(from).get()) == 0) {
            return;  // unlinked while the signal waited in the mailbox
        }
    }
    process.handle_exit(from, reason);
}

bool Cell::watch(std::uint64_t watch, Watch told) {
    const std::lock_guard lock{mutex_};
    if (announced_) {
        return false;
    }
    watches_.emplace(watch, std::move(told));
    return true;
}

void Cell::unwatch(std::uint64_t watch) {
    Watch dropped;  // destroyed after the lock is released
    const std::lock_guard lock{mutex_};
    if (const auto found = watches_.find(watch); found != watches_.end()) {
        dropped = std::move(found->second);
        watches_.erase(found);
    }
}

std::vector<Pid> Cell::children() const {
    const std::lock_guard lock{mutex_};
    std::vector<Pid> list;
    list.reserve(children_.size());
    for (const auto& [id, child] : children_) {
        list.push_back(child);
    }
    return list;
}

bool Cell::adopt(const std::shared_ptr<Cell>& child) {
    const std::lock_guard lock{mutex_};
    if (closed_ || nursery_closed_) {
        return false;
    }
    children_.emplace(child->id(), child->pid());
    return true;
}

void Cell::disown(const Cell& child) {
    Pid dropped;
    const std::lock_guard lock{mutex_};
    if (const auto found = children_.find(child.id()); found != children_.end()) {
        dropped = std::move(found->second);
        children_.erase(found);
    }
}

bool Cell::was_abandoned() const {
    const std::lock_guard lock{mutex_};
    return abandoned_;
}

bool Cell::has_children() const {
    const std::lock_guard lock{mutex_};
    return !children_.empty();
}

void Cell::close_nursery() {
    const std::lock_guard lock{mutex_};
    nursery_closed_ = true;
}

bool Cell::nursery_is_closed() const {
    const std::lock_guard lock{mutex_};
    return nursery_closed_;
}

void Cell::run() {
    const CurrentCell current{this};
    if (!begin_turn()) {
        bury();
        return;
    }
    std::optional<ExitReason> end = pending_exit();
    if (!end && !constructed_) {
        end = construct_and_init();
    }
    for (int turns = 0; !end && turns < kMessagesPerTurn; ++turns) {
        if (attention_.load(std::memory_order_acquire)) {
            end = pending_exit();
            if (end) {
                break;
            }
        }
        auto message = next_message_or_park();
        if (!message) {
            return;
        }
        end = handle(std::move(*message));
    }
    if (end) {
        finish(*end);
    } else {
        yield_turn();
    }
}

bool Cell::begin_turn() {
    const std::lock_guard lock{mutex_};
    turn_ = Turn::Running;
    return !closed_;
}

// The one place where exceptions of handlers stop.
template <class F>
std::optional<ExitReason> Cell::guarded(F&& f) {
    const fork::ForkStays stays{"a supervised process, as workflow code is one"};
    try {
        std::forward<F>(f)();
    } catch (ExitException& exit) {
        return std::move(exit.reason);
    } catch (...) {  // whatever it is: the process ends with it, and its supervisor decides
        return ExitReason::crashed(std::current_exception());
    }
    return std::exchange(stop_, std::nullopt);
}

std::optional<ExitReason> Cell::construct_and_init() {
    std::unique_ptr<Process> process;
    auto end = guarded([&] { process = std::exchange(factory_, {})(); });
    constructed_ = true;
    if (!end && !process) {
        ignore();
        end = std::exchange(stop_, std::nullopt);
    }
    {
        const std::lock_guard lock{mutex_};
        process_ = std::move(process);
    }
    if (!end) {
        end = guarded([this] { process_->init(); });
    }
    if (end) {
        return end;
    }
    if (!deferred_) {
        init_done();
    }
    if (first_message_) {
        return handle(std::exchange(first_message_, {}));
    }
    return std::nullopt;
}

void Cell::init_done() {
    StartedHook on_started;
    {
        const std::lock_guard lock{mutex_};
        if (closed_ || started_) {
            return;
        }
        started_ = true;
        on_started = std::move(on_started_);
    }
    if (on_started) {
        on_started(pid(), StartOutcome{});
    }
}

void Cell::ignore() {
    {
        const std::lock_guard lock{mutex_};
        ignored_ = true;
    }
    request_stop(ExitReason::normal());
}

// A kill that was declared meanwhile ends the turn through the closed mailbox, not here.
std::optional<ExitReason> Cell::pending_exit() {
    const std::lock_guard lock{mutex_};
    attention_.store(false, std::memory_order_relaxed);
    return std::exchange(exit_signal_, std::nullopt);
}

std::optional<ExitReason> Cell::handle(Message message) {
    return guarded([&] { message(*process_); });
}

std::optional<Message> Cell::next_message_or_park() {
    {
        const std::lock_guard lock{mutex_};
        if (!closed_) {
            if (outbox_next_ == outbox_.size()) {
                outbox_.clear();
                outbox_next_ = 0;
                outbox_.swap(inbox_);
            }
            if (outbox_next_ < outbox_.size()) {
                return std::move(outbox_[outbox_next_++]);
            }
            // A signal that came after the last look set the flag and left the scheduling to this
            // turn.
            if (exit_signal_) {
                return Message{[](Process&) {}};
            }
            turn_ = Turn::Idle;
            return std::nullopt;
        }
    }
    bury();
    return std::nullopt;
}

void Cell::yield_turn() {
    bool closed = false;
    {
        const std::lock_guard lock{mutex_};
        closed = closed_;
        turn_ = closed ? Turn::Running : Turn::Scheduled;
    }
    if (closed) {
        bury();
    } else {
        runtime_->enqueue(shared_from_this());
    }
}

}  // namespace hourglass::supervision::detail
