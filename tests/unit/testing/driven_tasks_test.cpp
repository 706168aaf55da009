#include "hourglass/hourglass.hpp"
#include "hourglass/testing/workflow_driver.hpp"
#include "tests/unit/testing/driven_workflows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <string>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using driven::Account;
using driven::Counts;
using driven::DoesAsTold;
using driven::message_of;
using hg::testing::WorkflowDriver;
using hg::testing::WorkflowTaskFailedError;
using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(DrivenTasks, ThrowsWhenAWorkflowTaskFails) {
    WorkflowDriver driver;
    auto workflow = driver.start<&DoesAsTold::run>({});
    EXPECT_THAT(
        message_of<WorkflowTaskFailedError>([&] { workflow.signal<&DoesAsTold::tell>("nonsense"); }
        ),
        HasSubstr("nobody told it what to do")
    );
    EXPECT_FALSE(workflow.is_closed()) << "its next task may go well";
    EXPECT_THROW(workflow.run_task(), WorkflowTaskFailedError);
    EXPECT_THAT(
        message_of<WorkflowTaskFailedError>([&] { driver.start("Nobody", {}); }),
        HasSubstr("Nobody")
    );
}

TEST(DrivenTasks, ReplaysAnEvictedWorkflowOnceAndNoticesAnotherWay) {
    driven::begun = 0;
    driven::takes_another_way = false;
    WorkflowDriver driver;
    auto workflow = driver.start<&Counts::run>({});
    workflow.complete_activity("charge", "a");
    EXPECT_EQ(driven::begun, 1) << "it was in the cache";
    workflow.evict();
    workflow.complete_activity("charge", "b");
    EXPECT_EQ(driven::begun, 2);
    EXPECT_EQ(workflow.result(), 2);

    auto other = driver.start<&Counts::run>({});
    other.evict();
    driven::takes_another_way = true;
    try {
        other.complete_activity("charge", "a");
        FAIL() << "the code is another";
    } catch (const WorkflowTaskFailedError& error) {
        EXPECT_TRUE(error.is_nondeterminism()) << error.what();
        EXPECT_THAT(error.cause(), HasSubstr("TMPRL1100"));
    }
    driven::takes_another_way = false;
    other.run_task();
    other.complete_activity("charge", "b");
    EXPECT_EQ(other.result(), 2) << "the code fits again";
}

TEST(DrivenTasks, ReplaysEachTaskWithoutACache) {
    driven::begun = 0;
    WorkflowDriver driver{{.worker = {.max_cached_workflows = 0}}};
    auto workflow = driver.start<&Counts::run>({});
    workflow.complete_activity("charge", "a");
    workflow.complete_activity("charge", "b");
    EXPECT_EQ(driven::begun, 3);
}

TEST(DrivenTasks, GivesUpATaskThatIsNotAnsweredInTime) {
    driven::let_go = std::promise<void>{};
    WorkflowDriver driver{{.answer_limit = 300ms}};
    auto slow = driver.start<&DoesAsTold::run>({});
    EXPECT_THAT(
        message_of<hg::WaitTimeoutError>([&] { slow.signal<&DoesAsTold::tell>("slow"); }),
        AllOf(HasSubstr("DoesAsTold-1"), HasSubstr("within 300 ms"))
    );
    EXPECT_EQ(slow.history().events().back().type, "WorkflowTaskTimedOut");
    auto other = driver.start<&Account::run>({});
    other.signal<&Account::close>();
    EXPECT_EQ(other.result(), 0) << "the worker goes on";
    driven::let_go.set_value();
}

TEST(DrivenTasks, FailWhenTheWorkflowsCodeDoesNotComeToAnAwait) {
    driven::let_go = std::promise<void>{};
    WorkflowDriver driver{{.worker = {.deadlock_timeout = 100ms}}};
    auto blocked = driver.start<&DoesAsTold::run>({});
    EXPECT_THAT(
        message_of<WorkflowTaskFailedError>([&] { blocked.signal<&DoesAsTold::tell>("block"); }),
        HasSubstr("TMPRL1101")
    );
    driven::let_go.set_value();
}

}  // namespace
