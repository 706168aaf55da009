#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/convert/failures.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass {

/// A standalone activity ended otherwise than with a result.
class ActivityFailedError : public Error {
public:
    ActivityFailedError(
        std::string activity_id, std::string run_id, const std::string& text, FailureCause cause
    )
        : Error{text},
          activity_id_{std::move(activity_id)},
          run_id_{std::move(run_id)},
          cause_{std::move(cause)} {}
    [[nodiscard]] const std::string& activity_id() const noexcept { return activity_id_; }
    [[nodiscard]] const std::string& run_id() const noexcept { return run_id_; }
    /// An ApplicationError, CancelledError, TerminatedError or TimeoutError, with its own causes.
    [[nodiscard]] const FailureCause& cause() const noexcept { return cause_; }

    /// The outermost failure of type T among the cause and its causes, or null.
    template <class T>
    [[nodiscard]] std::shared_ptr<const T> find_cause() const {
        if (auto found = std::dynamic_pointer_cast<const T>(cause_)) {
            return found;
        }
        return cause_ ? cause_->find_cause<T>() : nullptr;
    }

private:
    std::string activity_id_;
    std::string run_id_;
    FailureCause cause_;
};

/// A heartbeat was recorded, and the answer was that the attempt is to stop.
class AsyncActivityCancelledError : public Error {
public:
    AsyncActivityCancelledError(
        const std::string& text, bool cancel_requested, bool paused, bool reset
    )
        : Error{text}, cancel_requested_{cancel_requested}, paused_{paused}, reset_{reset} {}
    /// Whoever wants the activity to be done does not any more: answer with `report_cancellation`.
    [[nodiscard]] bool cancel_requested() const noexcept { return cancel_requested_; }
    /// An operator holds it: fail the attempt, another one comes when it goes on.
    [[nodiscard]] bool paused() const noexcept { return paused_; }
    /// An operator began anew: this attempt does not count any more.
    [[nodiscard]] bool reset() const noexcept { return reset_; }

private:
    bool cancel_requested_;
    bool paused_;
    bool reset_;
};

}  // namespace hourglass
