#pragma once

#include "hourglass/convert/operation_failures.hpp"
#include "hourglass/workflow/activity.hpp"

#include "temporal/sdk/core/workflow_commands/workflow_commands.pb.h"

#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

namespace hourglass::workflow::detail {

/// A local activity from its call to its last attempt's end. Core makes the attempts; where the
/// wait between two of them is long, it gives the activity back, and the engine starts a timer and
/// hands it out again after that.
class LocalActivityOperation final : public ActivityOperation {
public:
    using Command = coresdk::workflow_commands::WorkflowCommand;

    /// @param order  what is handed out; its sequence is another one each time.
    LocalActivityOperation(Ref<Scope> scope, Command order)
        : ActivityOperation{std::move(scope), 0}, order_{std::move(order)} {}

    [[nodiscard]] Command& order() noexcept { return order_; }
    [[nodiscard]] std::uint32_t sequence() const noexcept {
        return order_.schedule_local_activity().seq();
    }
    /// The timer before the next attempt, while it runs.
    void backs_off(std::optional<std::uint32_t> timer) noexcept { timer_ = timer; }

    void tell(SerializationContext& context, NumberText& number) const override;

    void cancel() override;
    [[nodiscard]] bool cancel_requested() const noexcept { return cancel_requested_; }
    /// As Core would end it.
    void settle_cancelled();
    /// Core hands on what the activity threw as it is; the caller gets it as of any activity,
    /// inside of an ActivityError.
    void settle_failed(const std::exception_ptr& error);

private:
    [[nodiscard]] ActivityFailureInfo failure_info(RetryState retry_state) const;

    Command order_;
    std::optional<std::uint32_t> timer_;
    bool cancel_requested_ = false;
};

}  // namespace hourglass::workflow::detail
