#include "hourglass/workflow/detail/scheduler.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/workflow/detail/task_promise.hpp"
#include "hourglass/workflow/detail/task_state.hpp"

#include <atomic>
#include <exception>
#include <memory>
#include <new>
#include <source_location>
#include <span>

namespace hourglass::workflow::detail {

void ThrownPath::left(const Frame& frame, const std::exception_ptr& error) {
    if (error_ != error || next_ != &frame) {
        error_ = error;
        frames_.clear();
    }
    next_ = frame.parent;
    const std::source_location at = frame.stands_at.load(std::memory_order_relaxed);
    if (at.line() != 0 && frames_.size() < kMaxFrames) {
        frames_.push_back(at);
    }
}

std::span<const std::source_location> ThrownPath::of(const std::exception_ptr& error
) const noexcept {
    return error != nullptr && error == error_ ? std::span{frames_}
                                               : std::span<const std::source_location>{};
}

void Scheduler::threw(Frame& frame) noexcept {
    frame.error = std::current_exception();
    try {
        if (!thrown_) {
            thrown_ = std::make_unique<ThrownPath>();
        }
        thrown_->left(frame, frame.error);
    } catch (const std::bad_alloc&) {
        thrown_.reset();  // the error itself counts more than where it came from
    }
}

void Scheduler::drain() {
    while (!stopped_ && !ready_.empty()) {
        Frame* frame = &ready_.front();
        frame->unlink();
        while (frame != nullptr) {
            current_ = frame;
            next_ = nullptr;
            finished_root_ = nullptr;
            running_.begin(*frame);
            frame->self.resume();
            running_.end(*frame);
            // What the coroutine's parameters do at their end must not ask its promise, which is
            // gone by then: no coroutine runs any more.
            current_ = nullptr;
            if (stops_ != nullptr) {
                stops_->stopped(*frame);
            }
            if (finished_root_ != nullptr) {
                finished_root_->state->finish();
            }
            frame = next_;
        }
    }
    thrown_.reset();  // it holds an exception that the workflow may have dealt with
}

void RunningMark::wait_and_end(const Frame& frame) noexcept {
    const void* expected = &frame;
    while (!state_.compare_exchange_strong(expected, nullptr, std::memory_order_acq_rel)) {
        state_.wait(expected, std::memory_order_acquire);
        expected = &frame;
    }
}

void destroy_chain(Frame& outermost) noexcept {
    Frame* frame = &outermost;
    while (frame->child != nullptr) {
        frame = frame->child;
    }
    while (frame != &outermost) {
        Frame* parent = frame->parent;
        parent->child = nullptr;
        *frame->owner = nullptr;
        frame->self.destroy();
        frame = parent;
    }
    outermost.self.destroy();
}

void reject_awaited_task() {
    throw ConfigurationError{
        "this Task has nothing to run: it was awaited or moved away before. A Task is awaited "
        "once; "
        "spawn() gives a handle that can be awaited any number of times"
    };
}

}  // namespace hourglass::workflow::detail
