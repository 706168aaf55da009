#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace hourglass {

/// How often the parts of an Application had to heal since it was made; docs/observability.md names
/// the metric of each. No cascade sets them back.
struct Counters {
    /// The fixed parts of the tree are there from the start, with 0; others come with their first.
    using ByName = std::map<std::string, std::uint64_t, std::less<>>;

    /// Starts after the first one, by the supervisor's own decision; by the id of the child.
    ByName restarts = {};
    /// Ends of a child because of which others were restarted, too; by the id of that child.
    ByName cascades = {};
    /// Times that every bridge handle of the process was dropped because one was stale.
    std::uint64_t stale_handles = 0;
    /// Workers of callers that went down in a cascade and do not come back: DynamicWorkerLost.
    std::uint64_t dynamic_workers_lost = 0;

    /// Work that was done when its worker's registration had ended already.
    struct LateCompletions {
        std::uint64_t activities_reported = 0;  ///< to the server, by their task token
        std::uint64_t activities_unknown = 0;   ///< of no use: the server did not know the attempt
        std::uint64_t activities_given_up = 0;  ///< could not be reported; the attempt times out
        std::uint64_t workflow_tasks_discarded = 0;  ///< the server hands them out again

        friend bool operator==(const LateCompletions&, const LateCompletions&) = default;
    };
    LateCompletions late_completions = {};

    /// Children that did not end in their time and were left behind in a handler; by their id.
    ByName abandoned_handlers = {};
    /// Supervisors that gave up, because they had to restart their children too often; by their id.
    ByName supervisors_given_up = {};

    friend bool operator==(const Counters&, const Counters&) = default;
};

}  // namespace hourglass
