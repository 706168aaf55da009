#pragma once

// What a workflow waits for, beside activities and children: conditions, timers, what it sends to
// other workflows.

#include "hourglass/workflow/detail/list.hpp"
#include "hourglass/workflow/detail/operation.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::workflow::detail {

struct ConditionTag;
class ConditionOperation;

/// A place in the queue of conditions: a condition's, or the mark of how far a pass has come.
struct ConditionSlot : ListHook<ConditionTag> {
    ConditionOperation* condition = nullptr;
};

class ConditionOperation final : public Operation, public ConditionSlot {
public:
    /// @param test  of the coroutine that waits: lives until it goes on or is gone.
    ConditionOperation(Ref<Scope> scope, const std::function<bool()>& test)
        : Operation{std::move(scope)}, test_{test} {
        condition = this;
    }

    [[nodiscard]] bool test() const { return test_(); }
    void cancel() override;
    /// Nobody tests it any more.
    void withdraw() noexcept {
        ListHook<ConditionTag>::unlink();
        ListHook<OperationTag>::unlink();
    }

private:
    const std::function<bool()>& test_;
};

class TimerOperation final : public Operation {
public:
    TimerOperation(Ref<Scope> scope, std::uint32_t sequence)
        : Operation{std::move(scope)}, sequence_{sequence} {}
    /// Core says nothing about a timer that was cancelled: it ends here.
    void cancel() override;

private:
    std::uint32_t sequence_;
};

/// A signal to another workflow; one to a child that has not started yet waits for that.
class SignalOperation final : public Operation {
public:
    SignalOperation(Ref<Scope> scope, std::string target_id)
        : Operation{std::move(scope)}, target_id_{std::move(target_id)} {}
    ~SignalOperation() override { report_lost_error("a signal to another workflow"); }

    [[nodiscard]] const std::string& target_id() const noexcept { return target_id_; }
    void sent_as(std::uint32_t sequence) noexcept { sequence_ = sequence; }
    void cancel() override;

private:
    std::string target_id_;
    std::optional<std::uint32_t> sequence_;
    bool cancel_requested_ = false;
};

/// A request to cancel another workflow, which cannot be taken back.
class CancelRequestOperation final : public Operation {
public:
    CancelRequestOperation(Ref<Scope> scope, std::string target_id)
        : Operation{std::move(scope)}, target_id_{std::move(target_id)} {}
    ~CancelRequestOperation() override {
        report_lost_error("a request to cancel another workflow");
    }

    [[nodiscard]] const std::string& target_id() const noexcept { return target_id_; }

private:
    std::string target_id_;
};

}  // namespace hourglass::workflow::detail
