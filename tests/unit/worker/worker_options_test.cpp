#include "hourglass/worker/worker_options.hpp"

#include "hourglass/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hourglass {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

void crash() {}

// This binary starts no isolation server.
TEST(WorkerOptionsTest, RefusesIsolatedActivitiesWithoutTheServerThatMakesTheirProcesses) {
    WorkerOptions options;
    options.task_queue = "orders";
    options.activities.emplace().add<&crash>(activity::isolated);
    EXPECT_THAT(
        [&] { options.validate(); },
        ThrowsMessage<ConfigurationError>(
            AllOf(HasSubstr("'orders'"), HasSubstr("hourglass::isolation::start()"))
        )
    );
    options.activities.emplace().add<&crash>();
    EXPECT_NO_THROW(options.validate());
}

}  // namespace
}  // namespace hourglass
