// Changes of what Core does not compare in the order of the commands: requests to cancel, changes
// of memo and search attributes, patches, local activities. And of what Core does not look at: the
// names of signals and of Nexus operations.

#include "tests/support/search_attributes.hpp"
#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace changed {
namespace hg = hourglass;
namespace wf = hg::workflow;
using namespace std::chrono_literals;

/// Does not cancel the activity.
class CancelsActivity {
public:
    hg::Task<std::string> run() {
        const wf::ActivityOptions options{.start_to_close_timeout = 30s};
        const auto running = wf::execute_activity<std::string>("until_cancelled", options);
        co_await wf::sleep(200ms);
        std::string said = co_await running;
        co_return said;
    }
};

/// Cancels its first child.
class Children {
public:
    hg::Task<std::string> run() {
        const wf::ChildWorkflowOptions options{.id = wf::info().workflow_id + "-ends"};
        const auto child = wf::execute_child<std::string>("Child", options, false);
        co_await child.started();
        child.cancel("too early");
        std::string said = co_await child;
        co_return said;
    }
};

/// Runs another local activity.
class Locals {
public:
    static constexpr int kLineOfTheAwait = __LINE__ + 6;

    hg::Task<std::string> run() {
        const wf::LocalActivityOptions options{.start_to_close_timeout = 10s};
        const auto first = wf::execute_local_activity<std::string>("shout", options, "a");
        const auto second = wf::execute_local_activity<std::string>("whisper", options, "b");
        const auto both = co_await wf::all(first, second);
        co_return std::get<0>(both) + std::get<1>(both);
    }
};

/// Leaves the memo as it is.
class Upserts {
public:
    hg::Task<void> run() {
        wf::upsert_search_attributes({hg::test::kCustomer.set("ada"), hg::test::kPaid.set(true)});
        co_await wf::sleep(5ms);
        wf::upsert_search_attributes({hg::test::kPaid.unset()});
        co_await wf::sleep(5ms);
    }
};

/// Has forgotten the patch, which executions that took it need.
class Changed {
public:
    hg::Task<std::string> run() {
        co_await wf::sleep(5ms);
        co_await wf::sleep(5ms);
        co_return "new";
    }
};

/// Sends another signal.
class Outsider {
public:
    hg::Task<int> run(std::string other_id) {
        const auto other = wf::external_workflow(other_id);
        co_await other.signal("prod", "an outsider");
        co_return 0;
    }
};

/// Calls another operation.
class CallsOperations {
public:
    hg::Task<std::string> run() {
        const auto greetings = wf::nexus_client("interop-greetings", "greetings");
        const wf::NexusOperationOptions options{.schedule_to_close_timeout = 60s};
        std::string said = co_await greetings.execute<std::string>("part", options, "ada");
        co_return said;
    }
};

}  // namespace changed

HOURGLASS_WORKFLOW(changed::CancelsActivity, run);
HOURGLASS_WORKFLOW(changed::Children, run);
HOURGLASS_WORKFLOW(changed::Locals, run);
HOURGLASS_WORKFLOW(changed::Upserts, run);
HOURGLASS_WORKFLOW(changed::Changed, run);
HOURGLASS_WORKFLOW(changed::Outsider, run);
HOURGLASS_WORKFLOW(changed::CallsOperations, run);

namespace {

namespace ht = hourglass::testing;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::StartsWith;

constexpr const char* kNone = "no such command";

class ChangedWithoutOrder : public ::testing::Test {
protected:
    /// @param events  so many of the recorded ones: the execution was still open then; 0: all.
    ht::ReplayFailure failure_of(const std::string& name, std::size_t events = 0) {
        const auto file = std::filesystem::path{HISTORIES} / (name + ".json");
        auto history = nlohmann::json::parse(std::ifstream{file});
        if (events != 0) {
            auto& all = history.at("events");
            all.erase(all.begin() + static_cast<std::ptrdiff_t>(events), all.end());
        }
        const auto result =
            replayer_.replay(hourglass::WorkflowHistory::from_json(history.dump(), name));
        const auto failure =
            result.failure.value_or(ht::ReplayFailure{.message = "it did not fail"});
        EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism) << failure.message;
        return failure;
    }

    /// The code lacks what the history has in that event, of the whole execution and of one that
    /// was still open after so many events.
    void expect_gone(
        const std::string& name, std::size_t open, const std::string& recorded, std::int64_t event
    ) {
        for (const std::size_t events : {std::size_t{0}, open}) {
            const auto failure = failure_of(name, events);
            EXPECT_EQ(failure.event_id, event) << events;
            EXPECT_EQ(failure.in_history, recorded) << events;
            EXPECT_EQ(failure.in_code, kNone) << events;
        }
    }

    ht::Replayer replayer_;
};

}  // namespace

TEST_F(ChangedWithoutOrder, ARequestToCancelThatIsGoneIsShown) {
    expect_gone("cancels-activity", 11, "ActivityTaskCancelRequested 'until_cancelled'", 11);
}

TEST_F(ChangedWithoutOrder, ARequestToCancelThatNobodyRecordedIsShownWithItsPlace) {
    for (const std::size_t events : {0, 9}) {
        const auto failure = failure_of("children", events);
        EXPECT_EQ(failure.event_id, 9) << events;
        EXPECT_THAT(failure.in_history, StartsWith(kNone)) << events;
        EXPECT_EQ(
            failure.in_code, "RequestCancelExternalWorkflowExecutionInitiated 'children-ends'"
        ) << events;
        EXPECT_THAT(failure.in_code_at, StartsWith("changed::Children::run (")) << events;
    }
}

TEST_F(ChangedWithoutOrder, AnotherLocalActivityIsShownWithItsPlace) {
    const auto failure = failure_of("locals");
    EXPECT_EQ(failure.event_id, 6);
    EXPECT_EQ(failure.in_history, "MarkerRecorded of local activity 'shout'");
    EXPECT_EQ(failure.in_code, "MarkerRecorded of local activity 'whisper'");
    EXPECT_THAT(
        failure.in_code_at,
        AllOf(
            StartsWith("changed::Locals::run ("),
            EndsWith(":" + std::to_string(changed::Locals::kLineOfTheAwait) + ")")
        )
    );
}

TEST_F(ChangedWithoutOrder, AMemoThatIsNotChangedAnyMoreIsShown) {
    expect_gone("upserts", 13, "WorkflowPropertiesModified", 11);
}

TEST_F(ChangedWithoutOrder, APatchThatIsForgottenIsShown) {
    const auto failure = failure_of("changed");
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_history, "MarkerRecorded of patch 'another-way'");
    EXPECT_EQ(failure.in_code, kNone);
}

TEST_F(ChangedWithoutOrder, AnotherSignalIsShownWithItsPlace) {
    const auto failure = failure_of("outsider");
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_history, "SignalExternalWorkflowExecutionInitiated 'poke'");
    EXPECT_EQ(failure.in_code, "SignalExternalWorkflowExecutionInitiated 'prod'");
    EXPECT_THAT(failure.in_code_at, StartsWith("changed::Outsider::run ("));
}

TEST_F(ChangedWithoutOrder, AnotherOperationIsShownWithItsPlace) {
    const auto failure = failure_of("calls-operations");
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_history, "NexusOperationScheduled 'greet'");
    EXPECT_EQ(failure.in_code, "NexusOperationScheduled 'part'");
    EXPECT_THAT(failure.in_code_at, StartsWith("changed::CallsOperations::run ("));
}
