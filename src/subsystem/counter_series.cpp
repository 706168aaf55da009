#include "src/subsystem/counter_series.hpp"

#include <string>

namespace hourglass::subsystem {
namespace {

struct Metric {
    std::string_view name;
    std::string_view description;
};

constexpr Metric kRestarts{"hourglass_restarts", "Children that a supervisor started again"};
constexpr Metric kCascades{
    "hourglass_cascades", "Ends of a child because of which others were restarted too"
};
constexpr Metric kStaleHandles{
    "hourglass_stale_handles", "Times that every bridge handle was dropped because one was stale"
};
constexpr Metric kWorkersLost{
    "hourglass_dynamic_workers_lost", "Workers of callers that went down in a cascade for good"
};
constexpr Metric kLateCompletions{
    "hourglass_late_completions", "Work that was done when its worker's registration had ended"
};
constexpr Metric kAbandoned{
    "hourglass_abandoned_handlers", "Children that were left behind in a handler that did not end"
};
constexpr Metric kGivenUp{
    "hourglass_supervisors_given_up", "Supervisors that gave up after too many restarts"
};

void append(
    std::vector<CounterSeries>& all,
    const Metric& metric,
    const char* label,
    const Counters::ByName& counts
) {
    for (const auto& [name, count] : counts) {
        all.push_back({metric.name, metric.description, {{label, name}}, count});
    }
}

}  // namespace

std::vector<CounterSeries> series_of(const Counters& counters) {
    std::vector<CounterSeries> all;
    const auto one = [&](const Metric& metric, std::uint64_t count) {
        all.push_back({metric.name, metric.description, {}, count});
    };
    const auto late = [&](const char* kind, const char* outcome, std::uint64_t count) {
        all.push_back(
            {kLateCompletions.name,
             kLateCompletions.description,
             {{"kind", kind}, {"outcome", outcome}},
             count}
        );
    };
    append(all, kRestarts, "child", counters.restarts);
    append(all, kCascades, "child", counters.cascades);
    one(kStaleHandles, counters.stale_handles);
    one(kWorkersLost, counters.dynamic_workers_lost);
    late("activity", "reported", counters.late_completions.activities_reported);
    late("activity", "unknown", counters.late_completions.activities_unknown);
    late("activity", "given_up", counters.late_completions.activities_given_up);
    late("workflow", "discarded", counters.late_completions.workflow_tasks_discarded);
    append(all, kAbandoned, "child", counters.abandoned_handlers);
    append(all, kGivenUp, "supervisor", counters.supervisors_given_up);
    return all;
}

}  // namespace hourglass::subsystem
