#include "hourglass/testing/workflow_driver.hpp"

#include "hourglass/hourglass.hpp"
#include "hourglass/testing/replayer.hpp"
#include "tests/unit/testing/driven_workflows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace {

using driven::Account;
using driven::Checkout;
using driven::Counts;
using driven::DoesAsTold;
using driven::message_of;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// [names]
namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::testing::CommandKind;
using hg::testing::Replayer;
using hg::testing::WorkflowCommand;
using hg::testing::WorkflowDriver;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

auto is(CommandKind kind) {
    return Field(&WorkflowCommand::kind, kind);
}
// [names]

// [drive]
TEST(ACheckout, ChargesOnceItIsApproved) {
    WorkflowDriver driver;  // no server, no socket
    auto checkout = driver.start<&Checkout::run>({}, "visa", 199);
    EXPECT_THAT(checkout.commands(), IsEmpty()) << "it waits";
    EXPECT_EQ(checkout.query<&Checkout::status>(), "waiting");

    checkout.signal<&Checkout::approve>("ada");
    ASSERT_THAT(checkout.commands(), ElementsAre(is(CommandKind::ScheduleActivity)));
    EXPECT_EQ(
        to_text(checkout.commands()[0]), "ScheduleActivity 'charge' (id '1') [\"visa\", 199]"
    );
    EXPECT_EQ(checkout.commands()[0].argument<int>(1), 199);

    checkout.complete_activity("charge", "receipt 7");
    EXPECT_THAT(checkout.commands(), ElementsAre(is(CommandKind::StartTimer)));
    const auto before = checkout.now();
    checkout.fire_timer();  // a day later, and at once
    EXPECT_EQ(checkout.now() - before, 24h);
    EXPECT_EQ(checkout.result(), "receipt 7, approved by ada");
}
// [drive]

// [replay]
TEST(ACheckout, GoesOnWhereItWasWhenItsWorkerHasForgottenIt) {
    WorkflowDriver driver;
    auto checkout = driver.start<&Checkout::run>({}, "visa", 199);
    checkout.signal<&Checkout::approve>("ada");
    checkout.evict();  // the next task replays it all
    checkout.complete_activity("charge", "receipt 7");
    checkout.fire_timer();

    Replayer replayer;
    const auto replayed = replayer.replay(checkout.history());
    EXPECT_TRUE(replayed.ok()) << replayed;
}
// [replay]

TEST(WorkflowDriver, RunsOneWorkflowTaskOfSeveralHappenings) {
    WorkflowDriver driver;
    auto checkout = driver.begin<&Checkout::run>({.id = "c"}, "visa", 199);
    checkout.together([&] {
        checkout.signal("approve", "ada");
        checkout.signal("approve", "grace");
    });
    EXPECT_THAT(checkout.history().events(), SizeIs(7));  // started, 2 signals, a task, an activity
    checkout.complete_activity<&driven::charge>("receipt");
    checkout.advance(48h);
    EXPECT_EQ(checkout.result(), "receipt, approved by grace");
    EXPECT_TRUE(checkout.is_closed());
    EXPECT_EQ(checkout.id(), "c");
}

TEST(WorkflowDriver, AnswersTheFailureOfAnActivity) {
    WorkflowDriver driver;
    auto checkout = driver.start<&Checkout::run>({}, "visa", 199);
    checkout.signal<&Checkout::approve>("ada");
    checkout.fail_activity("1", hg::ApplicationError{"no money", {.type = "NoMoney"}});
    EXPECT_THAT(checkout.commands(), ElementsAre(is(CommandKind::FailWorkflow)));
    try {
        static_cast<void>(checkout.result());
        FAIL() << "it has failed";
    } catch (const hg::WorkflowFailedError& error) {
        ASSERT_TRUE(error.find_cause<hg::ApplicationError>());
        EXPECT_EQ(error.find_cause<hg::ApplicationError>()->type(), "NoMoney");
    }
}

TEST(WorkflowDriver, TakesAnErrorThatWasCaughtElsewhere) {
    WorkflowDriver driver;
    auto counts = driver.start<&Counts::run>({});
    const auto caught = std::make_exception_ptr(
        hg::ApplicationError{"no card", {.type = "NoCard", .non_retryable = true}}
    );
    counts.fail_activity("charge", caught);
    EXPECT_THAT(
        message_of<hg::WorkflowFailedError>([&] { counts.result(); }), HasSubstr("no card")
    );
}

TEST(WorkflowDriver, CompletesWhatReturnsNothing) {
    WorkflowDriver driver;
    auto told = driver.start<&DoesAsTold::run>({});
    told.signal<&DoesAsTold::tell>("nothing");
    told.complete_activity("undo");
    told.start_child("Archive");
    told.complete_child("Archive");
    EXPECT_EQ(told.result(), "nothing came back");
}

TEST(WorkflowDriver, SaysWhatIsOpenWhenSomethingElseIsNamed) {
    WorkflowDriver driver;
    auto checkout = driver.start<&Checkout::run>({}, "visa", 199);
    EXPECT_THAT(
        message_of<hg::Error>([&] { checkout.complete_activity("charge", "receipt"); }),
        HasSubstr("no open activity 'charge'; open: none")
    );
    EXPECT_THAT(message_of<hg::Error>([&] { checkout.fire_timer(); }), HasSubstr("no open timer"));
    checkout.signal<&Checkout::approve>("ada");
    EXPECT_THAT(
        message_of<hg::Error>([&] { checkout.complete_activity("carge"); }),
        HasSubstr("open: 'charge' (id '1')")
    );
    EXPECT_THAT(
        message_of<hg::Error>([&] { checkout.cancel_activity("charge"); }),
        HasSubstr("has not asked for the cancellation")
    );
    EXPECT_THAT(
        message_of<hg::Error>([&] { static_cast<void>(checkout.result()); }),
        HasSubstr("has no result so far")
    );
    EXPECT_THROW(
        driver.start<&Checkout::run>({.task_queue = "other"}, "", 1), hg::ConfigurationError
    );
}

TEST(WorkflowDriver, CancelsAWorkflowAndItsActivity) {
    WorkflowDriver driver;
    auto workflow = driver.start<&driven::WaitsForActivityOrCancellation::run>({});
    workflow.cancel("enough");
    ASSERT_THAT(workflow.commands(), ElementsAre(is(CommandKind::RequestCancelActivity)));
    EXPECT_EQ(workflow.commands()[0].name, "charge");
    workflow.cancel_activity("charge");
    EXPECT_THAT(workflow.commands(), ElementsAre(is(CommandKind::CancelWorkflow)));
    EXPECT_THROW(static_cast<void>(workflow.result()), hg::WorkflowFailedError);
    EXPECT_THROW(workflow.signal("late"), hg::Error);
}

TEST(WorkflowDriver, SendsUpdatesWhichAreRejectedDoneOrUnderWay) {
    WorkflowDriver driver;
    auto account = driver.start<&Account::run>({});
    const auto paid = account.update<&Account::pay_in>(100);
    EXPECT_THAT(
        account.commands(),
        ElementsAre(is(CommandKind::AcceptUpdate), is(CommandKind::CompleteUpdate))
    );
    EXPECT_EQ(paid.result(), 100);

    const auto rejected = account.update<&Account::pay_in>(0);
    EXPECT_THAT(account.commands(), ElementsAre(is(CommandKind::RejectUpdate)));
    EXPECT_FALSE(rejected.is_accepted());
    EXPECT_THAT(
        message_of<hg::UpdateFailedError>([&] { static_cast<void>(rejected.result()); }),
        HasSubstr("that is no money")
    );

    const auto by_card = account.update<&Account::pay_by_card>(50);
    EXPECT_TRUE(by_card.is_accepted());
    EXPECT_FALSE(by_card.is_done());
    EXPECT_THAT(
        message_of<hg::Error>([&] { static_cast<void>(by_card.result()); }),
        HasSubstr("accepted, and not done")
    );
    account.evict();
    account.complete_activity("charge", "receipt");
    EXPECT_EQ(by_card.result(), "receipt");

    account.signal<&Account::close>();
    EXPECT_EQ(account.result(), 150);
    Replayer replayer;
    const auto replayed = replayer.replay(account.history());
    EXPECT_TRUE(replayed.ok()) << replayed;
}

TEST(WorkflowDriver, StartsAWorkflowTogetherWithAnUpdate) {
    WorkflowDriver driver;
    auto account = driver.begin<&Account::run>({});
    const auto paid = account.update<int>("pay_in", 7);
    EXPECT_EQ(paid.result(), 7);
    EXPECT_EQ(account.history().events()[1].type, "WorkflowTaskScheduled");
}

TEST(WorkflowDriver, AsksWorkflowsOpenEvictedAndClosed) {
    WorkflowDriver driver;
    auto account = driver.start<&Account::run>({});
    static_cast<void>(account.update<&Account::pay_in>(3));
    const auto events = account.history().size();
    EXPECT_EQ(account.query<&Account::balance>(), 3);
    account.evict();
    EXPECT_EQ(account.query<int>("balance"), 3);
    EXPECT_THAT(
        message_of<hg::QueryFailedError>([&] { account.query<&Account::fails>(); }),
        HasSubstr("no such thing")
    );
    EXPECT_EQ(account.history().size(), events) << "a query leaves no trace";
    account.signal<&Account::close>();
    EXPECT_EQ(account.query<&Account::balance>(), 3);
}

TEST(WorkflowDriver, DrivesChildrenAndOtherWorkflows) {
    WorkflowDriver driver;
    auto parent = driver.start<&DoesAsTold::run>({});
    parent.signal<&DoesAsTold::tell>("child");
    ASSERT_THAT(parent.commands(), ElementsAre(is(CommandKind::StartChildWorkflow)));
    EXPECT_EQ(to_text(parent.commands()[0]), "StartChildWorkflow 'Invoice' (id 'invoice-7') [7]");
    parent.start_child("invoice-7");
    EXPECT_THAT(parent.commands(), IsEmpty());
    parent.complete_child("Invoice", "paid");
    EXPECT_EQ(parent.result(), "paid");

    auto failing = driver.start<&DoesAsTold::run>({});
    failing.signal<&DoesAsTold::tell>("child");
    failing.fail_child("Invoice", hg::ApplicationError{"unpaid"});
    EXPECT_THROW(static_cast<void>(failing.result()), hg::WorkflowFailedError);

    auto cancelled = driver.start<&DoesAsTold::run>({});
    cancelled.signal<&DoesAsTold::tell>("child");
    cancelled.start_child("Invoice");
    cancelled.cancel();
    ASSERT_THAT(cancelled.commands(), ElementsAre(is(CommandKind::RequestCancelExternalWorkflow)));
    cancelled.confirm_cancel_request("invoice-7");
    EXPECT_THAT(cancelled.commands(), IsEmpty()) << "it waits for the child";
    cancelled.cancel_child("Invoice");
    EXPECT_THAT(cancelled.commands(), ElementsAre(is(CommandKind::CancelWorkflow)));

    auto sender = driver.start<&DoesAsTold::run>({});
    sender.signal<&DoesAsTold::tell>("other");
    ASSERT_THAT(sender.commands(), ElementsAre(is(CommandKind::SignalExternalWorkflow)));
    sender.confirm_signal("poke");
    ASSERT_THAT(sender.commands(), ElementsAre(is(CommandKind::RequestCancelExternalWorkflow)));
    sender.confirm_cancel_request("other");
    EXPECT_EQ(sender.result(), "told");
}

TEST(WorkflowDriver, StartsTheChildrenOfATypeOneAfterTheOther) {
    WorkflowDriver driver;
    auto workflow = driver.start<&DoesAsTold::run>({});
    workflow.signal<&DoesAsTold::tell>("twins");
    workflow.start_child("Invoice");
    workflow.start_child("Invoice");
    workflow.complete_child("two", "2");
    workflow.complete_child("one", "1");
    EXPECT_EQ(workflow.result(), "12");
}

TEST(WorkflowDriver, FiresATimerBeforeOneThatNeverIsDue) {
    WorkflowDriver driver;
    auto workflow = driver.start<&DoesAsTold::run>({});
    workflow.signal<&DoesAsTold::tell>("for ever");
    workflow.advance(1s);
    EXPECT_EQ(workflow.result(), "a second later");
    const auto ended = workflow.now();
    EXPECT_THAT(message_of<hg::Error>([&] { workflow.fire_timer("1"); }), HasSubstr("has closed"));
    EXPECT_EQ(workflow.now(), ended);
}

TEST(WorkflowDriver, RunsNoTaskOfItsOwnInsideOfAnother) {
    WorkflowDriver driver;
    auto workflow = driver.start<&DoesAsTold::run>({});
    EXPECT_THAT(
        message_of<hg::Error>([&] { workflow.together([&] { workflow.run_task(); }); }),
        HasSubstr("`run_task` is called in `together`")
    );
}

TEST(WorkflowDriver, RunsLocalActivities) {
    WorkflowDriver driver;
    auto workflow = driver.start<&DoesAsTold::run>({});
    workflow.signal<&DoesAsTold::tell>("local");
    EXPECT_THAT(
        workflow.commands(),
        ElementsAre(is(CommandKind::RecordMarker), is(CommandKind::CompleteWorkflow))
    );
    EXPECT_EQ(workflow.result(), "parcel weighs 2 kg");
}

TEST(WorkflowDriver, ClosesAWorkflowThatContinuesAsNewOrFails) {
    WorkflowDriver driver;
    auto again = driver.start("DoesAsTold", {});
    again.signal("tell", "again");
    EXPECT_THAT(again.commands(), ElementsAre(is(CommandKind::ContinueAsNew)));
    EXPECT_THAT(
        message_of<hg::WorkflowFailedError>([&] { again.result<void>(); }),
        HasSubstr("continued as new")
    );
    auto failing = driver.start<&DoesAsTold::run>({});
    failing.signal<&DoesAsTold::tell>("fail");
    EXPECT_THAT(
        message_of<hg::WorkflowFailedError>([&] { static_cast<void>(failing.result()); }),
        HasSubstr("as told")
    );
}

TEST(WorkflowDriver, RunsManyWorkflowsOneAfterTheOther) {
    const auto began = std::chrono::steady_clock::now();
    WorkflowDriver driver;
    for (int i = 0; i < 200; ++i) {
        auto workflow = driver.start<&Counts::run>({});
        workflow.complete_activity("charge", "a");
        workflow.complete_activity("charge", "b");
        ASSERT_EQ(workflow.result(), 2);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
}

TEST(WorkflowDriver, EndsWhileWorkflowsAreOpenAndTheyGoOn) {
    std::optional<hg::testing::DrivenWorkflow<&Counts::run>> workflow;
    {
        WorkflowDriver driver{{.workflow_namespace = "shop"}};
        workflow = driver.start<&Counts::run>({});
        auto forgotten = driver.start<&Counts::run>({});
    }
    workflow->complete_activity("charge", "a");
    EXPECT_FALSE(workflow->is_closed());
}

TEST(WorkflowDriver, RefusesAnAnswerLimitThatIsNone) {
    EXPECT_THROW((WorkflowDriver{{.answer_limit = 0ms}}), hg::ConfigurationError);
}

}  // namespace
