#include "src/worker/large_command.hpp"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace hourglass::worker {
namespace {

using coresdk::workflow_completion::WorkflowActivationCompletion;

constexpr std::size_t kLimit = 1000;

void add_activity(WorkflowActivationCompletion& answer, std::size_t bytes) {
    answer.mutable_successful()
        ->add_commands()
        ->mutable_schedule_activity()
        ->add_arguments()
        ->set_data(std::string(bytes, 'x'));
}

TEST(LargeCommand, IsNotThereWhereAllAreSmall) {
    WorkflowActivationCompletion answer;
    EXPECT_FALSE(large_command_in(answer, kLimit));
    for (int i = 0; i < 10; ++i) {
        add_activity(answer, kLimit / 2);  // each by itself: that is how Core counts
    }
    EXPECT_FALSE(large_command_in(answer, kLimit));
}

TEST(LargeCommand, IsTheLargest) {
    WorkflowActivationCompletion answer;
    add_activity(answer, kLimit + 1);
    answer.mutable_successful()
        ->add_commands()
        ->mutable_complete_workflow_execution()
        ->mutable_result()
        ->set_data(std::string(2 * kLimit, 'x'));
    const auto large = large_command_in(answer, kLimit);
    ASSERT_TRUE(large);
    EXPECT_EQ(large->kind, "complete_workflow_execution");
    EXPECT_GT(large->bytes, 2 * kLimit);
}

}  // namespace
}  // namespace hourglass::worker
