#pragma once

#include "hourglass/testing/replay_report.hpp"
#include "src/testing/steps.hpp"
#include "src/testing/unordered_steps.hpp"
#include "src/workflow/workflow_run.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hourglass::testing {

/// Follows one history through its replay: sees each activation with its answer, and judges in the
/// end.
class OneReplay {
public:
    explicit OneReplay(const temporal::api::history::v1::History& history) : history_{history} {}

    /// @param places  where each of the completion's commands was made; the last may be missing.
    void see(
        const workflow::Activation& activation,
        const workflow::Completion& completion,
        const std::vector<workflow::CommandPlace>& places
    );
    /// Whether Core has let go of the run, be it done or not.
    [[nodiscard]] bool over() const { return over_; }
    /// Whether nothing more comes because the history ends while a local activity runs: nobody runs
    /// it here, and Core waits for it.
    [[nodiscard]] bool at_running_local_activity() const;
    /// Whether a local activity has no result so far.
    [[nodiscard]] bool waits_for_local_activity() const { return !local_activities_.empty(); }
    /// Once it is over, or waits for a local activity.
    [[nodiscard]] std::optional<ReplayFailure> verdict() const;

private:
    void follow_local_activities(
        const workflow::Activation& activation, const workflow::Completion& completion
    );
    /// What Core complains of.
    [[nodiscard]] std::optional<Difference> difference() const;
    /// What Core does not notice at the end of an open history.
    [[nodiscard]] std::optional<Difference> unnoticed_difference() const;
    [[nodiscard]] std::optional<ReplayFailure> difference_at_the_end() const;
    [[nodiscard]] ReplayFailure nondeterminism(
        std::string message, const std::optional<Difference>& difference
    ) const;
    [[nodiscard]] ReplayFailure task_failure() const;
    [[nodiscard]] std::string describe_event(std::int64_t id) const;

    const temporal::api::history::v1::History& history_;

    Steps code_;
    UnorderedSteps unordered_code_;
    std::optional<workflow::Completion> failed_;
    std::int64_t failed_at_ = 0;
    std::int64_t answered_at_ = 0;
    std::set<std::uint32_t> local_activities_;
    bool over_ = false;
    coresdk::workflow_activation::RemoveFromCache eviction_;
};

}  // namespace hourglass::testing
