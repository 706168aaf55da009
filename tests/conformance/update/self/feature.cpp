#include "tests/conformance/harness/row.hpp"

namespace conformance::update_self {

std::string updates_its_workflow() {
    const auto workflow =
        client().handle(*hg::activity::info().workflow_id, *hg::activity::info().workflow_run_id);
    return workflow.update<std::string>("my_update", "from the activity");
}

class IsUpdatedByItself {
public:
    hg::Task<std::string> run() {
        const std::string answer =
            co_await wf::execute_activity<&updates_its_workflow>({.start_to_close_timeout = 20s});
        co_return state_ + ", " + answer;
    }
    std::string my_update(std::string state) {
        state_ = std::move(state);
        return "answered";
    }

private:
    std::string state_;
};

}  // namespace conformance::update_self

HOURGLASS_ACTIVITY(conformance::update_self::updates_its_workflow);
HOURGLASS_WORKFLOW(conformance::update_self::IsUpdatedByItself, run, updates(my_update));

namespace conformance::update_self {

void run(Row& row) {
    const auto handle = row.start<&IsUpdatedByItself::run>();
    EXPECT_EQ(handle.result(), "from the activity, answered");
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/self",
     .checks = "an activity updates its own workflow, and gets the answer",
     .run = run}
};

}  // namespace conformance::update_self
