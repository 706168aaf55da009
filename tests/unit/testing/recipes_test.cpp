// The code of docs/examples.md, run step by step. A program of its own: it has a dynamic workflow.
#include <hourglass/hourglass.hpp>
#include <hourglass/testing/activity_environment.hpp>
#include <hourglass/testing/workflow_driver.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace shop {

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

std::string deliver(std::string message) {
    return "delivered " + message;
}
std::string price_of(std::string item) {
    return item + ": 5 EUR";
}

// [continue_as_new]
class Inbox {
public:
    hg::Task<int> run(std::vector<std::string> unread, int delivered) {
        // Signals may have come before: what was carried over is older.
        unread_.insert(unread_.begin(), unread.begin(), unread.end());
        const wf::ActivityOptions options{.start_to_close_timeout = 30s};
        while (true) {
            co_await wf::wait_condition([this] { return closed_ || !unread_.empty(); });
            if (unread_.empty()) {
                co_return delivered;
            }
            const std::string message = unread_.front();
            unread_.erase(unread_.begin());
            co_await wf::execute_activity<&deliver>(options, message);
            ++delivered;
            if (wf::info().continue_as_new_suggested || wf::info().history_length > 100) {
                co_await wf::wait_condition(wf::all_handlers_finished);
                wf::continue_as_new<&Inbox::run>({}, unread_, delivered);
            }
        }
    }
    void put(std::string message) { unread_.push_back(std::move(message)); }
    void close() { closed_ = true; }

private:
    std::vector<std::string> unread_;
    bool closed_ = false;
};
// [continue_as_new]

// [child]
class Invoice {
public:
    hg::Task<std::string> run(std::string order) {
        co_await wf::wait_condition([this] { return approved_; });
        co_return "invoice of " + order;
    }
    void approve() { approved_ = true; }

private:
    bool approved_ = false;
};

class Sale {
public:
    hg::Task<std::string> run(std::string order) {
        const wf::ChildWorkflowOptions options{
            .id = "invoice-" + order,
            .cancellation_type = wf::ChildWorkflowCancellationType::WaitCancellationCompleted,
            .parent_close_policy = wf::ParentClosePolicy::Abandon
        };
        const auto invoice = wf::execute_child<&Invoice::run>(options, order);
        const std::string run_id = co_await invoice.started();  // it is there
        co_await invoice.signal<&Invoice::approve>();
        const std::string paper = co_await invoice;  // it has ended
        co_return paper;
    }
};
// [child]

// [local_activity]
class Quote {
public:
    hg::Task<std::string> run(std::string item) {
        const wf::LocalActivityOptions options{
            .schedule_to_close_timeout = 5s,
            .retry_policy = hg::RetryPolicy{.initial_interval = 100ms, .maximum_attempts = 3}
        };
        const std::string price = co_await wf::execute_local_activity<&price_of>(options, item);
        co_return price;
    }
};
// [local_activity]

// [patch]
class Parcel {
public:
    hg::Task<std::string> run(std::string address) {
        const wf::ActivityOptions options{.start_to_close_timeout = 30s};
        if (wf::patched("confirm-the-address")) {  // runs that began before do without
            co_await wf::execute_activity<void>("confirm", options, address);
        }
        const std::string receipt = co_await wf::execute_activity<&deliver>(options, address);
        co_return receipt;
    }
};
// [patch]

// [upsert]
const auto kStage = hg::search_attribute::keyword("Stage");

class Permit {
public:
    hg::Task<std::string> run() {
        wf::upsert_search_attributes({kStage.set("review")});
        wf::upsert_memo({{"reviewer", hg::to_payload("ada")}, {"draft", hg::null_payload()}});
        co_await wf::wait_condition([this] { return reviewed_; });
        wf::upsert_search_attributes({kStage.unset()});
        co_return wf::memo<std::string>("reviewer").value_or("nobody");
    }
    void review() { reviewed_ = true; }

private:
    bool reviewed_ = false;
};
// [upsert]

// [dynamic_workflow]
class Anything {
public:
    hg::Task<hg::RawValue> run(hg::Payloads arguments) {
        const std::string& type = wf::info().workflow_type;
        if (type != "Echo" || arguments.empty()) {
            throw hg::ApplicationError{"nobody knows what " + type + " is"};
        }
        co_return hg::RawValue{arguments.front()};
    }
};
// [dynamic_workflow]

// [dynamic_activity]
hg::RawValue forward(hg::Payloads arguments) {
    const std::string& type = hg::activity::info().activity_type;
    return {hg::to_payload(type + " of " + std::to_string(arguments.size()))};
}
// [dynamic_activity]

// [all_and_race]
class Compare {
public:
    hg::Task<std::string> run(std::string item) {
        const wf::ActivityOptions options{.start_to_close_timeout = 60s};
        const auto here = wf::execute_activity<&price_of>(options, item);  // begins now
        const auto there = wf::execute_activity<std::string>("price_elsewhere", options, item);
        const auto patience = wf::start_timer(10s);
        const std::size_t first = co_await wf::race(here, there, patience);
        if (first == 2) {
            here.cancel();  // a handle's work goes on unless somebody cancels it
            there.cancel();
            co_return "nobody answers";
        }
        const auto prices = co_await wf::all(here, there);
        co_return std::get<0>(prices) + ", " + std::get<1>(prices);
    }
};
// [all_and_race]

// [with_timeout]
class Patient {
public:
    hg::Task<std::string> run(std::string item) {
        const wf::ActivityOptions options{.start_to_close_timeout = 1h};
        const auto price = wf::execute_activity<&price_of>(options, item);
        std::string said;
        try {
            said = co_await wf::with_timeout(10s, price);  // cancels it then, and waits for its end
        } catch (const hg::TimeoutError& error) {
            said = error.message();
        }
        co_return said;
    }
};
// [with_timeout]

}  // namespace shop

// [definitions]
HOURGLASS_WORKFLOW(shop::Inbox, run, signals(put, close));
HOURGLASS_WORKFLOW(shop::Invoice, run, signals(approve));
HOURGLASS_WORKFLOW(shop::Sale, run);
HOURGLASS_ACTIVITY(shop::deliver);
HOURGLASS_ACTIVITY(shop::price_of);
// [definitions]
HOURGLASS_WORKFLOW(shop::Quote, run);
HOURGLASS_WORKFLOW(shop::Parcel, run);
HOURGLASS_WORKFLOW(shop::Permit, run, signals(review));
HOURGLASS_WORKFLOW(shop::Compare, run);
HOURGLASS_WORKFLOW(shop::Patient, run);
// [dynamic_definitions]
HOURGLASS_WORKFLOW(shop::Anything, run, dynamic());
HOURGLASS_ACTIVITY(shop::forward, dynamic);
// [dynamic_definitions]

namespace {

using namespace shop;
using hg::testing::CommandKind;
using hg::testing::WorkflowCommand;
using hg::testing::WorkflowDriver;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

auto is(CommandKind kind) {
    return Field(&WorkflowCommand::kind, kind);
}

TEST(Recipe, InboxContinuesAsNewWithWhatIsUnread) {
    WorkflowDriver driver;
    auto inbox = driver.start<&Inbox::run>({}, std::vector<std::string>{"first"}, 7);
    inbox.signal<&Inbox::put>("second");
    int delivered = 7;
    while (inbox.commands().empty() || inbox.commands()[0].kind != CommandKind::ContinueAsNew) {
        ASSERT_LT(delivered, 100);
        inbox.signal<&Inbox::put>("more");
        inbox.complete_activity("deliver", "delivered");
        ++delivered;
    }
    const auto unread = inbox.commands()[0].argument<std::vector<std::string>>(0);
    EXPECT_EQ(inbox.commands()[0].argument<int>(1), delivered);
    EXPECT_THAT(unread, ElementsAre("more", "more"));

    auto next = driver.start<&Inbox::run>({}, std::vector<std::string>{"last"}, delivered);
    next.signal<&Inbox::close>();
    next.complete_activity("deliver", "delivered");
    EXPECT_EQ(next.result(), delivered + 1);
}

TEST(Recipe, SaleWaitsForTheStartOfItsChildAndThenForItsEnd) {
    WorkflowDriver driver;
    auto sale = driver.start<&Sale::run>({}, "7");
    EXPECT_THAT(sale.commands(), ElementsAre(is(CommandKind::StartChildWorkflow)));
    sale.start_child("invoice-7");
    EXPECT_THAT(sale.commands(), ElementsAre(is(CommandKind::SignalExternalWorkflow)));
    sale.confirm_signal("approve");
    sale.complete_child("invoice-7", "invoice of 7");
    EXPECT_EQ(sale.result(), "invoice of 7");

    auto invoice = driver.start<&Invoice::run>({}, "7");
    invoice.signal<&Invoice::approve>();
    EXPECT_EQ(invoice.result(), "invoice of 7");
}

TEST(Recipe, QuoteRunsItsActivityInTheWorkflowTask) {
    WorkflowDriver driver;
    EXPECT_EQ(driver.start<&Quote::run>({}, "tea").result(), "tea: 5 EUR");
}

TEST(Recipe, ParcelTakesTheNewWay) {
    WorkflowDriver driver;
    auto parcel = driver.start<&Parcel::run>({}, "Bergen");
    parcel.complete_activity("confirm");
    parcel.complete_activity("deliver", "delivered Bergen");
    EXPECT_EQ(parcel.result(), "delivered Bergen");
}

TEST(Recipe, PermitSaysWhereItStands) {
    WorkflowDriver driver;
    auto permit = driver.start<&Permit::run>({});
    EXPECT_THAT(
        permit.commands(),
        ElementsAre(is(CommandKind::UpsertSearchAttributes), is(CommandKind::ModifyMemo))
    );
    permit.signal<&Permit::review>();
    EXPECT_EQ(permit.result(), "ada");
}

TEST(Recipe, AnythingRunsWhatNobodyElseDefines) {
    WorkflowDriver driver;
    EXPECT_EQ(driver.start("Echo", {}, 5).result<int>(), 5);
    EXPECT_THROW(driver.start("Odd", {}, 5).result<int>(), hg::WorkflowFailedError);
    hg::testing::ActivityEnvironment environment;
    EXPECT_EQ((environment.run_dynamic<&forward, std::string>("weigh", 1, 2)), "weigh of 2");
}

TEST(Recipe, CompareWaitsForOneOrForAllOrGivesUp) {
    WorkflowDriver driver;
    auto both = driver.start<&Compare::run>({}, "tea");
    both.complete_activity("price_elsewhere", "tea: 6 EUR");
    both.complete_activity("price_of", "tea: 5 EUR");
    EXPECT_EQ(both.result(), "tea: 5 EUR, tea: 6 EUR");

    auto none = driver.start<&Compare::run>({}, "tea");
    none.fire_timer();
    EXPECT_EQ(none.result(), "nobody answers");
}

TEST(Recipe, PatientCancelsWhatTakesTooLong) {
    WorkflowDriver driver;
    auto patient = driver.start<&Patient::run>({}, "tea");
    patient.fire_timer();
    EXPECT_THAT(patient.result(), HasSubstr("10000 ms"));

    auto quick = driver.start<&Patient::run>({}, "tea");
    quick.complete_activity("price_of", "tea: 5 EUR");
    EXPECT_EQ(quick.result(), "tea: 5 EUR");
}

}  // namespace
