#include "tests/conformance/harness/row.hpp"

#include <nlohmann/json.hpp>

#include <functional>
#include <map>
#include <mutex>
#include <utility>

namespace conformance::telemetry_metrics {

void count() {
    hg::activity::meter().counter("row_activity_counter").with_attributes({{"side", "a"}}).add(2);
}

}  // namespace conformance::telemetry_metrics

HOURGLASS_ACTIVITY(conformance::telemetry_metrics::count, "counts_for_metrics");

namespace conformance::telemetry_metrics {

class Measures {
public:
    hg::Task<void> run() {
        const auto counter = wf::meter().counter("row_workflow_counter");
        counter.with_attributes({{"side", "before"}}).add();
        co_await wf::execute_activity<&count>({.start_to_close_timeout = 30s});
        counter.with_attributes({{"side", "after"}}).add(3);
    }
};

}  // namespace conformance::telemetry_metrics

HOURGLASS_WORKFLOW(conformance::telemetry_metrics::Measures, run, name("MeasuresForMetrics"));

namespace conformance::telemetry_metrics {

/// Adds up what is measured.
class Sums {
public:
    void add(const hg::Measurement& measurement) {
        if (measurement.kind == hg::MetricKind::Counter) {
            const auto attributes = nlohmann::json::parse(measurement.attributes_json);
            const std::lock_guard lock{mutex_};
            counters_[std::string{measurement.name}].emplace_back(attributes, measurement.value);
        }
    }
    /// Of all measurements of `name` that have such attributes.
    double of(const std::string& name, const nlohmann::json& attributes) const {
        const std::lock_guard lock{mutex_};
        double sum = 0;
        for (const auto& [its, value] : counters_.at(name)) {
            bool has_them = true;
            for (const auto& [key, expected] : attributes.items()) {
                has_them = has_them && its.contains(key) && its[key] == expected;
            }
            sum += has_them ? value : 0;
        }
        return sum;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<std::pair<nlohmann::json, double>>> counters_;
};

void run(Row& row) {
    Sums sums;
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.default_worker.task_queue = unique("measured");
    // Nothing is kept: each workflow task replays what the one before it measured.
    options.default_worker.max_cached_workflows = 0;
    options.telemetry.on_measurement = [&](const hg::Measurement& each) { sums.add(each); };
    const hg::WorkflowHistory history = [&] {
        hg::Application application{options};
        const auto handle = application.client().start<&Measures::run>(
            {.id = unique("row"), .task_queue = options.default_worker.task_queue}
        );
        handle.result();
        return handle.history();
    }();
    const nlohmann::json where{
        {"namespace", options.client.namespace_}, {"task_queue", options.default_worker.task_queue}
    };
    const auto with = [&](nlohmann::json more) {
        more.update(where);
        return more;
    };
    const std::string workflow = "row_workflow_counter";
    const std::string type = "MeasuresForMetrics";
    EXPECT_EQ(sums.of(workflow, with({{"workflow_type", type}, {"side", "before"}})), 1);
    EXPECT_EQ(sums.of(workflow, with({{"workflow_type", type}, {"side", "after"}})), 3);
    EXPECT_EQ(sums.of(workflow, {}), 4);
    EXPECT_EQ(
        sums.of(
            "row_activity_counter", with({{"activity_type", "counts_for_metrics"}, {"side", "a"}})
        ),
        2
    );
    EXPECT_GE(sums.of("temporal_request", {{"operation", "StartWorkflowExecution"}}), 1);
    EXPECT_GE(sums.of("temporal_request", {{"operation", "RespondWorkflowTaskCompleted"}}), 2);
    row.replay_history(history);
}

const Registration kRow{
    {.path = "telemetry/metrics",
     .checks = "what a workflow and an activity count, with attributes of their own and of where "
               "they run, comes to the program once, replays or not, beside the SDK's own metrics",
     .run = run}
};

}  // namespace conformance::telemetry_metrics
