// The example's orders were recorded with a pause before the parcel is shipped; somebody has taken
// it out.

#include "examples/order/order.hpp"
#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace changed {
namespace hg = hourglass;
namespace wf = hg::workflow;
using namespace std::chrono_literals;
using order::Order;
using order::Receipt;

/// As the example has it, its activities by their names; all but `sleep(1s)`.
class OrderWorkflow {
public:
    static constexpr int kLineOfTheShipping = __LINE__ + 35;

    hg::Task<Receipt> run(Order order) {
        order_ = std::move(order);
        std::exception_ptr failure;
        try {
            Receipt receipt = co_await fulfil();
            co_return receipt;
        } catch (const hg::FailureError&) {
            failure = std::current_exception();
        }
        co_await wf::shield(compensate());
        std::rethrow_exception(failure);
    }
    void approve(std::string by) { approved_by_ = std::move(by); }
    std::string progress() const { return approved_by_; }
    std::string change_address(std::string address) {
        return std::exchange(order_.address, std::move(address));
    }
    void check_address(std::string /*address*/) const {}

private:
    hg::Task<Receipt> fulfil() {
        co_await wf::wait_condition([this] { return !approved_by_.empty(); }, {.timeout = 24h});
        co_await wf::execute_activity<std::string>("reserve_stock", kQuick, order_);
        std::string payment =
            co_await wf::execute_activity<std::string>("charge_card", kQuick, order_);
        std::vector<wf::ActivityHandle<std::string>> packing;
        for (const auto& item : order_.items) {
            packing.push_back(
                wf::execute_activity<std::string>("pack_item", kQuick, order_.id, item)
            );
        }
        co_await wf::all(std::move(packing));
        std::string tracking =
            co_await wf::execute_activity<std::string>("ship", kQuick, order_, order_.address);
        co_return Receipt{order_.id, payment, tracking, order_.address};
    }
    hg::Task<void> compensate() {
        co_await wf::execute_activity<void>("refund_card", kQuick, order_.id);
        co_await wf::execute_activity<void>("release_stock", kQuick, order_.id);
    }

    static inline const wf::ActivityOptions kQuick{.start_to_close_timeout = 10s};

    Order order_;
    std::string approved_by_;
};

}  // namespace changed

HOURGLASS_WORKFLOW(
    changed::OrderWorkflow,
    run,
    signals(approve),
    queries(progress),
    updates(validated(change_address, check_address))
);

namespace {

namespace ht = hourglass::testing;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::StartsWith;

ht::ReplayResult replay(const std::string& name) {
    const std::filesystem::path file{HISTORIES "/" + name + ".json"};
    ht::Replayer replayer;
    auto results = replayer.replay_files({file}).results();
    return std::move(results.at(0));
}

TEST(ChangedOrder, IsFoundInAnExecutionThatCameToTheChange) {
    const auto result = replay("order-fulfilled");
    ASSERT_FALSE(result.ok());
    const auto& failure = *result.failure;
    EXPECT_EQ(result.workflow_type, "OrderWorkflow");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_EQ(failure.in_history, "TimerStarted 1s");
    EXPECT_EQ(failure.in_code, "ActivityTaskScheduled 'ship'");
    EXPECT_THAT(
        failure.in_code_at,
        AllOf(
            StartsWith("changed::OrderWorkflow::fulfil ("),
            EndsWith(
                "changed_order_test.cpp:" +
                std::to_string(changed::OrderWorkflow::kLineOfTheShipping) + ")"
            )
        )
    );
}

TEST(ChangedOrder, DoesNoHarmToAnExecutionThatWasUndoneBefore) {
    const auto result = replay("order-undone");
    EXPECT_TRUE(result.ok()) << result;
}

}  // namespace
