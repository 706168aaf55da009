// What workflows, activities and the program measure, against the dev server: Prometheus sees each
// measurement once, whatever is replayed, tried again or restarted.
#include "tests/support/http.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

namespace shop {

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

// [activity]
void charge(int cents) {
    hg::activity::meter()
        .histogram<int>("charged", {.description = "What cards were charged with", .unit = "cents"})
        .with_attributes({{"card", "visa"}})
        .record(cents);
}
// [activity]

void weigh() {
    hg::activity::meter().gauge("weight").set(2.5);
}

/// In a process of its own.
void print_label() {
    hg::activity::meter().counter("labels").add();
}

// [workflow]
class Order {
public:
    hg::Task<void> run(int cents) {
        const auto began = wf::now();
        wf::meter().counter("orders", {.description = "Orders that were begun"}).add();
        co_await wf::execute_activity<&charge>({.start_to_close_timeout = 30s}, cents);
        wf::meter().histogram<std::chrono::nanoseconds>("time_to_charge").record(wf::now() - began);
    }
};
// [workflow]

/// Each of its workflow tasks replays those before if the worker keeps no run.
class Counts {
public:
    hg::Task<void> run(int rounds) {
        const auto counter = wf::meter().counter("rounds");
        for (int round = 0; round < rounds; ++round) {
            counter.add();
            co_await wf::execute_activity<&weigh>({.start_to_close_timeout = 30s});
        }
        co_await wf::execute_activity<&print_label>({.start_to_close_timeout = 30s});
    }
};

}  // namespace shop

HOURGLASS_ACTIVITY(shop::charge);
HOURGLASS_ACTIVITY(shop::weigh);
HOURGLASS_ACTIVITY(shop::print_label, isolated);
HOURGLASS_WORKFLOW(shop::Order, run);
HOURGLASS_WORKFLOW(shop::Counts, run);

namespace {

namespace hg = hourglass;
using hg::test::http;
using hg::test::unique;
using ::testing::HasSubstr;

class UserMetricsTest : public ::testing::Test {
protected:
    UserMetricsTest() {
        options_.client.address = hg::test::server_address();
        options_.default_worker.task_queue = unique("user_metrics");
        options_.telemetry.prometheus_address = "127.0.0.1:0";
    }

    [[nodiscard]] const std::string& queue() const { return options_.default_worker.task_queue; }
    [[nodiscard]] hg::StartOptions start() const {
        return {.id = unique("order"), .task_queue = queue()};
    }
    /// Labels that all of a workflow's and an activity's have; Prometheus sorts them by name.
    [[nodiscard]] std::string where() const {
        return "namespace=\"" + options_.client.namespace_ + "\",task_queue=\"" + queue() + "\"";
    }
    static std::string page_of(const hg::Application& app) {
        return http(app.prometheus_address(), "/metrics").body;
    }
    /// -1 if there is no such series.
    static double value_of(const hg::Application& app, const std::string& series) {
        std::istringstream page{page_of(app)};
        for (std::string line; std::getline(page, line);) {
            if (line.starts_with(series + " ")) {
                return std::stod(line.substr(series.size() + 1));
            }
        }
        return -1;
    }

    hg::ApplicationOptions options_;
};

TEST_F(UserMetricsTest, OfWorkflowsAndActivitiesAreServedBesideCores) {
    hg::Application app{options_};
    app.client().execute<&shop::Order::run>(start(), 199);
    std::string page;
    // Core counts the end after the server was told, and so perhaps after the client was.
    EXPECT_TRUE(hg::test::eventually([&] {
        page = page_of(app);
        return page.find("temporal_workflow_completed") != std::string::npos;
    })) << page;
    EXPECT_THAT(page, HasSubstr("# HELP orders Orders that were begun\n# TYPE orders counter\n"));
    EXPECT_THAT(page, HasSubstr("# TYPE charged histogram\n"));
    const std::string workflow = "{" + where() + ",workflow_type=\"Order\"}";
    const std::string activity = "{activity_type=\"charge\",card=\"visa\"," + where() + "}";
    EXPECT_EQ(value_of(app, "orders" + workflow), 1);
    EXPECT_EQ(value_of(app, "charged_sum" + activity), 199);
    EXPECT_EQ(value_of(app, "charged_count" + activity), 1);
    EXPECT_EQ(value_of(app, "time_to_charge_count" + workflow), 1);
    EXPECT_GE(value_of(app, "time_to_charge_sum" + workflow), 0);
}

TEST_F(UserMetricsTest, OfAWorkflowCountEachRoundOnceAlthoughEachTaskReplaysThoseBefore) {
    options_.default_worker.max_cached_workflows = 0;
    hg::Application app{options_};
    app.client().execute<&shop::Counts::run>(start(), 4);
    EXPECT_EQ(value_of(app, "rounds{" + where() + ",workflow_type=\"Counts\"}"), 4);
    EXPECT_EQ(value_of(app, "weight{activity_type=\"weigh\"," + where() + "}"), 2.5);
    EXPECT_EQ(value_of(app, "labels{activity_type=\"print_label\"," + where() + "}"), 1)
        << "of an activity in a process of its own";
}

TEST_F(UserMetricsTest, OfTheProgramOutliveTheRuntimeAndNobodyIsToldAfterItsEnd) {
    hg::Application app{options_};
    // [program]
    const auto queued = app.meter().gauge<int>("queued_mails", {.description = "Not sent yet"});
    queued.with_attributes({{"to", "customers"}}).set(12);
    // [program]
    const auto guests = app.meter().up_down_counter("guests");
    guests.add(3);
    ASSERT_TRUE(app.kill("Runtime"));
    guests.add(-1);
    EXPECT_EQ(value_of(app, "queued_mails{to=\"customers\"}"), 12);
    EXPECT_EQ(value_of(app, "guests"), 2);
    app.stop();
    guests.add(1);
}

TEST_F(UserMetricsTest, MayOutliveTheApplicationAndAreForNobodyIfNobodyIsTold) {
    options_.start_runtime = false;
    hg::MetricCounter cups = hg::MetricMeter{}.counter("cups");
    {
        const hg::Application app{options_};
        cups = app.meter().counter("cups");
        cups.add();
        EXPECT_EQ(value_of(app, "cups"), 1);
    }
    cups.add();
    options_.telemetry.prometheus_address.clear();
    const hg::Application silent{options_};
    silent.meter().counter("cups").add();
}

TEST_F(UserMetricsTest, AreToldOneByOneToWhoeverWantsThat) {
    std::map<std::string, double> told;
    std::mutex mutex;
    options_.telemetry.prometheus_address.clear();
    options_.telemetry.on_measurement = [&](const hg::Measurement& each) {
        const std::lock_guard lock{mutex};
        told[std::string{each.name} + " " + std::string{each.unit}] += each.value;
    };
    hg::Application app{options_};
    app.client().execute<&shop::Order::run>(start(), 199);
    const auto orders = app.meter().counter("orders");
    app.stop();
    orders.add();  // nobody is told any more
    const std::lock_guard lock{mutex};
    EXPECT_EQ(told["orders "], 1);
    EXPECT_EQ(told["charged cents"], 199);
    EXPECT_TRUE(told.contains("time_to_charge ms"));
}

}  // namespace
