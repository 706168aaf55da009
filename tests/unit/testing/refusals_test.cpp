// What a server would refuse, told to a workflow by its driver.
#include "hourglass/hourglass.hpp"
#include "hourglass/testing/replayer.hpp"
#include "hourglass/testing/workflow_driver.hpp"
#include "tests/unit/testing/driven_workflows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace refused {

namespace hg = hourglass;
namespace wf = hourglass::workflow;

/// Says why nothing came of what it asked for.
class AsksInVain {
public:
    hg::Task<std::string> run(std::string what) {
        std::string why = "nothing was refused";
        try {
            if (what == "child") {
                co_await wf::execute_child<void>("Invoice", {.id = "invoice-7"});
            } else if (what == "signal") {
                co_await wf::external_workflow("other").signal("poke");
            } else {
                co_await wf::external_workflow("other").cancel();
            }
        } catch (const wf::ChildAlreadyStartedError& error) {
            why = "taken: " + error.workflow_id();
        } catch (const wf::ChildWorkflowStartError& error) {
            why = "not started: " + std::to_string(static_cast<int>(error.reason()));
        } catch (const wf::ExternalWorkflowError& error) {
            why = error.workflow_id() + ": " + std::to_string(static_cast<int>(error.reason()));
        }
        co_return why;
    }
};

/// Two children of one id, of which a server starts one.
class StartsTwins {
public:
    hg::Task<std::string> run() {
        const auto first = wf::execute_child<std::string>("Invoice", {.id = "invoice-7"});
        const auto second = wf::execute_child<std::string>("Invoice", {.id = "invoice-7"});
        std::string said;
        try {
            said = co_await second;
        } catch (const wf::ChildAlreadyStartedError&) {
            said = "one is enough: ";
        }
        const std::string paper = co_await first;
        co_return said + paper;
    }
};

}  // namespace refused

HOURGLASS_WORKFLOW(refused::AsksInVain, run);
HOURGLASS_WORKFLOW(refused::StartsTwins, run);

namespace {

namespace hg = hourglass;
using driven::DoesAsTold;
using driven::message_of;
using hg::testing::Replayer;
using hg::testing::WorkflowDriver;
using hg::workflow::ChildStartFailure;
using hg::workflow::ExternalFailure;
using refused::AsksInVain;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string reason(ChildStartFailure why) {
    return "not started: " + std::to_string(static_cast<int>(why));
}
std::string reason(ExternalFailure why) {
    return "other: " + std::to_string(static_cast<int>(why));
}

TEST(Refusals, OfAChildReachTheWorkflowThatAskedForIt) {
    WorkflowDriver driver;
    auto taken = driver.start<&AsksInVain::run>({}, "child");
    taken.refuse_child("Invoice");
    EXPECT_EQ(taken.result(), "taken: invoice-7");
    Replayer replayer;
    const auto replayed = replayer.replay(taken.history());
    EXPECT_TRUE(replayed.ok()) << replayed;

    for (const auto why :
         {ChildStartFailure::Unspecified,
          ChildStartFailure::NamespaceNotFound,
          ChildStartFailure::InvalidVersioningOverride}) {
        auto other = driver.start<&AsksInVain::run>({}, "child");
        other.refuse_child("invoice-7", why);
        EXPECT_EQ(other.result(), reason(why));
    }
}

TEST(Refusals, OfAChildAreForOneThatHasNotStarted) {
    WorkflowDriver driver;
    auto twins = driver.start<&refused::StartsTwins::run>({});
    twins.start_child("invoice-7");
    twins.refuse_child("invoice-7");
    EXPECT_THAT(
        message_of<hg::Error>([&] { twins.refuse_child("invoice-7"); }),
        HasSubstr("'invoice-7' has started before")
    );
    twins.complete_child("invoice-7", "paid");
    EXPECT_EQ(twins.result(), "one is enough: paid");
    EXPECT_THAT(
        message_of<hg::Error>([&] { twins.refuse_child("invoice-7"); }), HasSubstr("has closed")
    );
}

TEST(Refusals, OfASignalOrARequestToCancelReachTheWorkflowThatSentIt) {
    WorkflowDriver driver;
    for (const auto why :
         {ExternalFailure::Unspecified,
          ExternalFailure::WorkflowNotFound,
          ExternalFailure::NamespaceNotFound,
          ExternalFailure::SignalLimitExceeded}) {
        auto sender = driver.start<&AsksInVain::run>({}, "signal");
        sender.refuse_signal("poke", why);
        EXPECT_EQ(sender.result(), reason(why));
    }
    for (const auto why :
         {ExternalFailure::Unspecified,
          ExternalFailure::WorkflowNotFound,
          ExternalFailure::NamespaceNotFound}) {
        auto sender = driver.start<&AsksInVain::run>({}, "cancel");
        sender.refuse_cancel_request("other", why);
        EXPECT_EQ(sender.result(), reason(why));
    }
}

TEST(Refusals, AreOfWorkflowsThatDoNotRunUnlessTheTestSaysElse) {
    WorkflowDriver driver;
    auto signals = driver.start<&AsksInVain::run>({}, "signal");
    signals.refuse_signal("other");
    EXPECT_EQ(signals.result(), reason(ExternalFailure::WorkflowNotFound));
    auto cancels = driver.start<&AsksInVain::run>({}, "cancel");
    EXPECT_THAT(
        message_of<hg::Error>([&] {
            cancels.refuse_cancel_request("other", ExternalFailure::SignalLimitExceeded);
        }),
        HasSubstr("only signals are")
    );
    cancels.refuse_cancel_request("other");
    EXPECT_EQ(cancels.result(), reason(ExternalFailure::WorkflowNotFound));
}

TEST(Refusals, OfACommandThatADriverDoesNotServeFailTheTaskAndChangeNothingElse) {
    WorkflowDriver driver;
    auto workflow = driver.start<&DoesAsTold::run>({});
    for (int i = 0; i < 2; ++i) {
        EXPECT_THAT(
            message_of<hg::Error>([&] {
                i == 0 ? workflow.signal<&DoesAsTold::tell>("nexus") : workflow.run_task();
            }),
            HasSubstr("does not serve: ScheduleNexusOperation")
        );
        EXPECT_THAT(workflow.commands(), IsEmpty());
        std::vector<std::string> types;
        for (const auto& event : workflow.history().events()) {
            types.push_back(event.type);
        }
        const std::vector<std::string> last{types.end() - 3, types.end()};
        EXPECT_THAT(
            last,
            ::testing::ElementsAre(
                "WorkflowTaskScheduled", "WorkflowTaskStarted", "WorkflowTaskFailed"
            )
        ) << "what the task was of is still to be done";
    }
    EXPECT_FALSE(workflow.is_closed());
    auto other = driver.start<&DoesAsTold::run>({});
    other.signal<&DoesAsTold::tell>("local");
    EXPECT_EQ(other.result(), "parcel weighs 2 kg") << "the worker goes on";
}

}  // namespace
