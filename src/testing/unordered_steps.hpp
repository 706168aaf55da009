#pragma once

#include "src/testing/steps.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::testing {

/// What Core does not compare in the order of the commands: requests to cancel, changes of the memo
/// and of search attributes, patches, and local activities, which a history has where they end.
///
/// A patch that only the code has is no difference (its history is older), nor is a deprecated one
/// that only the history has.
class UnorderedSteps {
public:
    UnorderedSteps() = default;
    explicit UnorderedSteps(const temporal::api::history::v1::History& history);

    /// Adds what a workflow asked for in (a part of) the task that this event completed.
    /// @param places  where each command was made, by its index; the last may be missing.
    void add(
        const google::protobuf::RepeatedPtrField<coresdk::workflow_commands::WorkflowCommand>&
            commands,
        const std::vector<workflow::CommandPlace>& places,
        std::int64_t task_completed_id
    );

    /// The first task from `from` on that has one of them on one side only; of the tasks that the
    /// code was run for.
    [[nodiscard]] static std::optional<Difference> first_difference(
        const UnorderedSteps& history, const UnorderedSteps& code, std::int64_t from
    );
    /// The first local activity that is another one, or on one side only. One that the code has
    /// alone may still be running: ask when something is known to be wrong.
    [[nodiscard]] static std::optional<Difference> first_local_difference(
        const UnorderedSteps& history, const UnorderedSteps& code
    );

private:
    struct Local {
        Step step;
        std::int64_t task_completed_id;
    };
    /// An operation that the code began, and what a request to cancel it leaves; nothing where that
    /// leaves no event.
    struct Begun {
        std::int64_t task_completed_id;
        std::optional<Step> cancel;
    };
    void add_command(
        const coresdk::workflow_commands::WorkflowCommand& command,
        const workflow::CommandPlace& place,
        std::int64_t task_completed_id
    );

    Steps steps_;
    std::map<std::uint32_t, Local> local_activities_;
    std::map<std::pair<int, std::uint32_t>, Begun> begun_;
};

}  // namespace hourglass::testing
