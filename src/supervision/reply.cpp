#include "hourglass/supervision/reply.hpp"

#include "src/supervision/cell.hpp"

#include <string>

namespace hourglass::supervision::detail {
namespace {

std::string described(const Pid& pid) {
    return pid.name().empty() ? pid.text() : pid.text() + " (" + pid.name() + ")";
}

std::string seconds_text(std::chrono::nanoseconds duration) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(duration).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

}  // namespace

bool PendingCall::claim() {
    if (settled_.exchange(true, std::memory_order_acq_rel)) {
        return false;
    }
    if (const auto& cell = CellAccess::cell(target_)) {
        if (const std::uint64_t timer = timer_.load()) {
            cell->runtime().cancel_timer(timer);
        }
        if (const std::uint64_t watch = watch_.load()) {
            cell->unwatch(watch);
        }
    }
    return true;
}

bool PendingCall::fail(std::exception_ptr error) {
    if (!claim()) {
        return false;
    }
    deliver_error(std::move(error));
    return true;
}

void PendingCall::no_process() {
    fail(std::make_exception_ptr(CallError{
        CallErrorCode::NoProcess,
        "no process: " + described(target_) + " had ended before it was called",
        ExitReason::no_process()
    }));
}

void PendingCall::exited(const ExitReason& reason) {
    if (!waiting()) {
        return;
    }
    fail(std::make_exception_ptr(CallError{
        CallErrorCode::ProcessExited,
        "process " + described(target_) + " ended before it answered: " + reason.text(),
        reason
    }));
}

void PendingCall::dropped() noexcept {
    Phase expected = Phase::InHandler;
    if (!waiting() || phase_.compare_exchange_strong(expected, Phase::LostInHandler)) {
        return;
    }
    const auto& cell = CellAccess::cell(target_);
    if (const auto reason = cell ? cell->ended() : std::nullopt) {
        // Not before the process's supervisor: who ends because of this would be seen to end first.
        const std::uint64_t watch = Runtime::next_token();
        watch_.store(watch);
        const auto told = [call = shared_from_this()](const ExitReason& why) { call->exited(why); };
        if (!cell->watch(watch, told)) {
            exited(*reason);
        }
        return;
    }
    fail(std::make_exception_ptr(CallError{
        CallErrorCode::NoReply,
        "process " + described(target_) +
            " lives, but dropped its Reply without answering; "
            "every path through its handler must call Reply::send or Reply::fail"
    }));
}

void PendingCall::start_timeout(std::chrono::nanoseconds timeout) {
    const auto& cell = CellAccess::cell(target_);
    if (timeout == kInfinity || !cell) {
        return;
    }
    const std::uint64_t timer = Runtime::next_token();
    timer_.store(timer);
    cell->runtime().add_timer(timer, timeout, [call = shared_from_this(), timeout] {
        if (!call->waiting()) {
            return;
        }
        call->fail(std::make_exception_ptr(CallError{
            CallErrorCode::Timeout,
            "no answer from process " + described(call->target_) + " within " +
                seconds_text(timeout) +
                "; messages waiting for it: " + std::to_string(call->target_.mailbox_length())
        }));
    });
}

void PendingCall::enter_handler() {
    phase_.store(Phase::InHandler, std::memory_order_release);
    if (!CellAccess::cell(target_)->set_in_flight(shared_from_this())) {
        phase_.store(
            Phase::Outside, std::memory_order_release
        );  // declared dead: nobody else will answer
    }
}

void PendingCall::handler_returned() {
    const auto& cell = CellAccess::cell(target_);
    if (phase_.exchange(Phase::Outside) == Phase::LostInHandler) {
        dropped();
    } else if (waiting()) {
        // The Reply is kept somewhere: the end of the process answers in its place.
        const std::uint64_t watch = Runtime::next_token();
        watch_.store(watch);
        const bool alive = cell->watch(watch, [call = weak_from_this()](const ExitReason& reason) {
            if (const auto pending = call.lock()) {
                pending->exited(reason);
            }
        });
        if (!alive) {
            exited(cell->ended().value_or(ExitReason::no_process()));
        } else if (!waiting()) {
            cell->unwatch(watch);  // answered while the watch was set
        }
    }
    cell->set_in_flight(nullptr);
}

}  // namespace hourglass::supervision::detail
