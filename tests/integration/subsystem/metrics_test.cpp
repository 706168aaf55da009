// What an application counts while its parts are killed, against the dev server: the numbers say
// exactly what happened, to whoever is told.
#include "flows.hpp"
#include "src/core/generation.hpp"
#include "src/subsystem/counter_series.hpp"
#include "tests/support/http.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using hg::subsystem::CounterSeries;
using hg::subsystem::series_of;
using hg::test::eventually;
using hg::test::http;
using hg::test::unique;
using nlohmann::json;
using ::testing::HasSubstr;

constexpr std::uint64_t kDeaths = 5;

/// "name{label="value",…}", as Prometheus writes it.
std::string text_of(const CounterSeries& series) {
    std::string labels;
    for (const auto& [name, value] : series.labels) {
        labels.append(labels.empty() ? "{" : ",").append(name).append("=\"").append(value) += '"';
    }
    return std::string{series.name} + labels + (labels.empty() ? "" : "}");
}

using Numbers = std::map<std::string, double>;  // of all hourglass_ counters

Numbers numbers_of(const hg::Counters& counters) {
    Numbers numbers;
    for (const CounterSeries& series : series_of(counters)) {
        numbers[text_of(series)] = static_cast<double>(series.value);
    }
    return numbers;
}

std::string page_of(const hg::Application& app) {
    return http(app.prometheus_address(), "/metrics").body;
}

Numbers served_by(const hg::Application& app) {
    Numbers numbers;
    std::istringstream page{page_of(app)};
    for (std::string line; std::getline(page, line);) {
        if (line.starts_with("hourglass_")) {
            const auto space = line.rfind(' ');
            numbers[line.substr(0, space)] = std::stod(line.substr(space + 1));
        }
    }
    return numbers;
}

/// Adds up what `on_measurement` is told.
class Told {
public:
    void add(const hg::Measurement& measurement) {
        if (!measurement.name.starts_with("hourglass_")) {
            return;
        }
        CounterSeries series{.name = measurement.name, .description = {}, .labels = {}};
        const json labels = json::parse(measurement.attributes_json);
        for (const auto& [name, value] : labels.items()) {
            series.labels.push_back({name, value.get<std::string>()});
        }
        const std::lock_guard lock{mutex_};
        numbers_[text_of(series)] += measurement.value;
    }
    [[nodiscard]] Numbers numbers() const {
        const std::lock_guard lock{mutex_};
        return numbers_;
    }

private:
    mutable std::mutex mutex_;
    Numbers numbers_;
};

class MetricsTest : public ::testing::Test {
protected:
    MetricsTest() {
        options_.client.address = hg::test::server_address();
        options_.default_worker.task_queue = unique("metrics");
        options_.max_restarts = 1'000'000;  // the test is the fault, not the tree
        options_.threads = 6;               // gated workflow code blocks one
        options_.telemetry.measurement_interval = 10ms;
    }

    [[nodiscard]] std::string queue() const { return options_.default_worker.task_queue; }

    void run_a_workflow(const hg::Application& app) {
        EXPECT_EQ(
            app.client().execute<&flows::Echo::run>(
                {.id = unique("echo"), .task_queue = queue()}, "x"
            ),
            "x"
        );
    }

    /// Kills `child` and waits until all that was restarted is counted.
    void kill(hg::Application& app, const std::string& child) {
        const auto before = app.counters().restarts.at("WorkerLauncher");
        ASSERT_TRUE(app.kill(child));
        ASSERT_TRUE(eventually([&] {
            return app.counters().restarts.at("WorkerLauncher") == before + 1;
        }));
        ASSERT_TRUE(app.wait_until_polling(queue(), 20s));
    }

    /// The BridgeHolder dies again and again, each time with a workflow task and an activity in
    /// hand and a worker of a caller there.
    void kill_bridge_holders(hg::Application& app) {
        for (std::uint64_t round = 1; round <= kDeaths; ++round) {
            SCOPED_TRACE(round);
            hg::WorkerOptions second;
            second.task_queue = unique("second");
            app.start_worker(second);
            ASSERT_TRUE(app.wait_until_polling(queue(), 20s));
            flows::activity_gate().close();
            flows::workflow_gate().close();
            auto activity = app.client().start<&flows::CallsGatedActivity::run>(
                {.id = unique("activity"), .task_queue = queue()}, "a"
            );
            auto task = app.client().start<&flows::GatedWorkflow::run>(
                {.id = unique("task"), .task_queue = queue()}, "w"
            );
            ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
            ASSERT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
            kill(app, "BridgeHolder");
            flows::activity_gate().open();
            flows::workflow_gate().open();
            EXPECT_EQ(activity.result(), "a done");
            EXPECT_EQ(task.result(), "w");
            EXPECT_TRUE(eventually([&] {
                const auto late = app.counters().late_completions;
                return late.activities_reported == round && late.workflow_tasks_discarded == round;
            }));
            ASSERT_FALSE(HasFailure());
        }
    }

    static hg::Counters after_the_deaths(hg::Counters counters) {
        for (const auto* child :
             {"BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}) {
            counters.restarts[child] = kDeaths;
        }
        counters.cascades["BridgeHolder"] = kDeaths;
        counters.dynamic_workers_lost = kDeaths;
        counters.late_completions = {
            .activities_reported = kDeaths, .workflow_tasks_discarded = kDeaths
        };
        return counters;
    }

    hg::ApplicationOptions options_;
};

TEST_F(MetricsTest, OfDeadBridgeHoldersAreExactForWhoIsToldOfEachMeasurement) {
    Told told;
    options_.telemetry.on_measurement = [&](const hg::Measurement& each) { told.add(each); };
    hg::Application app{options_};
    const hg::Counters expected = after_the_deaths(app.counters());
    kill_bridge_holders(app);
    EXPECT_EQ(numbers_of(app.counters()), numbers_of(expected));
    EXPECT_TRUE(eventually([&] { return told.numbers() == numbers_of(expected); }));
    app.stop();
    EXPECT_EQ(told.numbers(), numbers_of(expected));
    EXPECT_EQ(numbers_of(app.counters()), numbers_of(expected)) << "the end heals nothing";
}

TEST_F(MetricsTest, OfDeadBridgeHoldersAreExactForPrometheus) {
    hg::ApplicationOptions options = options_;
    // [prometheus]
    options.telemetry.prometheus_address = "127.0.0.1:0";  // port 0: a free one
    hg::Application app{options};
    const std::string where = "http://" + app.prometheus_address() + "/metrics";
    // [prometheus]
    EXPECT_THAT(where, HasSubstr("http://127.0.0.1:"));
    const hg::Counters expected = after_the_deaths(app.counters());
    kill_bridge_holders(app);
    EXPECT_EQ(numbers_of(app.counters()), numbers_of(expected));
    EXPECT_TRUE(eventually([&] { return served_by(app) == numbers_of(expected); }));
    EXPECT_THAT(page_of(app), HasSubstr("temporal_workflow_completed"));
    app.stop();
    EXPECT_EQ(http(app.prometheus_address(), "/metrics").status, -1) << "nobody listens any more";
}

TEST_F(MetricsTest, OutliveTheRuntimeCoresAmongThem) {
    options_.telemetry.prometheus_address = "127.0.0.1:0";
    hg::Application app{options_};
    hg::Counters expected = app.counters();
    const std::string address = app.prometheus_address();
    ASSERT_TRUE(app.wait_until_polling(queue(), 20s));
    run_a_workflow(app);
    for (std::uint64_t round = 1; round <= kDeaths; ++round) {
        kill(app, "Runtime");
        run_a_workflow(app);
        ASSERT_FALSE(HasFailure());
    }
    for (const auto* child :
         {"Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}) {
        expected.restarts[child] = kDeaths;
    }
    expected.cascades["Runtime"] = kDeaths;
    EXPECT_EQ(numbers_of(app.counters()), numbers_of(expected));
    EXPECT_EQ(app.prometheus_address(), address);
    EXPECT_TRUE(eventually([&] { return served_by(app) == numbers_of(expected); }));
    EXPECT_TRUE(eventually([&] {
        std::istringstream page{page_of(app)};
        for (std::string line; std::getline(page, line);) {
            if (line.starts_with("temporal_workflow_completed{") &&
                line.find(queue()) != std::string::npos) {
                return line.ends_with(" " + std::to_string(kDeaths + 1));
            }
        }
        return false;
    })) << page_of(app);
}

TEST_F(MetricsTest, CountAStaleHandleOnceWhoeverMeetsIt) {
    options_.telemetry.prometheus_address = "127.0.0.1:0";
    hg::Application app{options_};
    const std::string address = app.prometheus_address();
    for (std::uint64_t round = 1; round <= kDeaths; ++round) {
        ASSERT_TRUE(app.wait_until_polling(queue(), 20s));
        const auto before = app.counters().restarts.at("WorkerLauncher");
        hg::core::generation::bump();
        ASSERT_TRUE(eventually([&] {
            return app.counters().restarts.at("WorkerLauncher") == before + 1;
        }));
        EXPECT_EQ(app.counters().stale_handles, round);
        EXPECT_EQ(app.counters().cascades.at("Runtime"), round);
        EXPECT_TRUE(eventually([&] { return served_by(app) == numbers_of(app.counters()); }))
            << "the metrics were made again with what had been counted";
        EXPECT_EQ(app.prometheus_address(), address);
        ASSERT_FALSE(HasFailure());
    }
}

TEST_F(MetricsTest, OfATreeThatGaveUpAreStillServed) {
    options_.telemetry.prometheus_address = "127.0.0.1:0";
    options_.max_restarts = 0;
    hg::Application app{options_};
    ASSERT_TRUE(app.kill("Runtime"));
    EXPECT_TRUE(eventually([&] {
        return served_by(app)["hourglass_supervisors_given_up{supervisor=\"Subsystem\"}"] == 1;
    }));
    EXPECT_EQ(app.counters().supervisors_given_up.at("Subsystem"), 1U);
}

TEST_F(MetricsTest, AreOnTheStatusPageToo) {
    options_.status_page.enabled = true;
    hg::Application app{options_};
    ASSERT_TRUE(app.wait_until_polling(queue(), 20s));
    kill(app, "BridgeHolder");
    EXPECT_EQ(app.prometheus_address(), "") << "nobody asked for it";
    const std::string address = app.status_page_address();
    Numbers shown;
    const json counters = json::parse(http(address, "/tree.json").body)["counters"];
    for (const json& counter : counters) {
        CounterSeries series{.name = {}, .description = {}, .labels = {}};
        const auto name = counter["name"].get<std::string>();
        series.name = name;
        for (const auto& [label, value] : counter["labels"].items()) {
            series.labels.push_back({label, value.get<std::string>()});
        }
        shown[text_of(series)] = counter["value"];
    }
    EXPECT_EQ(shown, numbers_of(app.counters()));
    EXPECT_EQ(shown["hourglass_cascades{child=\"BridgeHolder\"}"], 1);
    EXPECT_THAT(
        http(address, "/").body,
        HasSubstr("<td class=\"count\">1</td><td class=\"name\">hourglass_cascades</td>"
                  "<td class=\"id\">child BridgeHolder</td>")
    );
}

TEST_F(MetricsTest, HaveTheFixedNodesOfTheTreeFromTheStartAndNoOther) {
    options_.telemetry.on_measurement = [](const hg::Measurement&) {};
    // Else nobody polls for requests.
    options_.default_worker.nexus_services.add("greetings", "greet", [] { return 1; });
    const hg::Application app{options_};
    ASSERT_TRUE(app.wait_until_polling(queue(), 20s));
    std::set<std::string> nodes;
    const std::function<void(const std::vector<hg::supervision::ChildReport>&)> collect =
        [&](const auto& children) {
            for (const auto& child : children) {
                nodes.insert(child.id);
                collect(child.children);
            }
        };
    collect(app.tree().children);
    nodes.erase(queue());
    nodes.erase("Subsystem");  // temporary: it is never restarted
    std::set<std::string> known;
    for (const auto& [child, count] : app.counters().restarts) {
        known.insert(child);
    }
    EXPECT_EQ(known, nodes);
}

TEST(MetricsWithoutARuntime, AreServedAllTheSame) {
    hg::ApplicationOptions options;
    options.start_runtime = false;
    options.telemetry.measurement_interval = 10ms;
    options.telemetry.prometheus_address = "127.0.0.1:0";
    hg::Application app{options};
    ASSERT_TRUE(app.kill("WorkflowStateCache"));
    EXPECT_TRUE(eventually([&] {
        return served_by(app)["hourglass_restarts{child=\"WorkflowStateCache\"}"] == 1;
    }));
}

TEST(MetricsOptions, ThatCannotWorkAreRefusedByName) {
    const auto refusal = [](const hg::TelemetryOptions& telemetry) -> std::string {
        hg::ApplicationOptions options;
        options.start_runtime = false;
        options.telemetry = telemetry;
        try {
            const hg::Application app{options};
        } catch (const hg::ConfigurationError& error) {
            return error.what();
        }
        return "it was not refused";
    };
    EXPECT_THAT(refusal({.prometheus_address = "nowhere"}), HasSubstr("\"nowhere\""));
    EXPECT_THAT(
        refusal(
            {.prometheus_address = "127.0.0.1:0", .on_measurement = [](const hg::Measurement&) {}}
        ),
        HasSubstr("on_measurement")
    );
}

}  // namespace
