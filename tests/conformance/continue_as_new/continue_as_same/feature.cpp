#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::continue_as_same {

class Continues {
public:
    hg::Task<std::vector<std::string>> run(std::string text) {
        const auto& info = wf::info();
        if (info.continued_run_id.empty()) {
            wf::continue_as_new<&Continues::run>({}, text + " again");
        }
        co_return std::vector<std::string>{
            text, info.workflow_id, info.continued_run_id, *wf::memo<std::string>("note")
        };
    }
};

}  // namespace conformance::continue_as_same

HOURGLASS_WORKFLOW(conformance::continue_as_same::Continues, run, name("ContinueAsSame"));

namespace conformance::continue_as_same {

void run(Row& row) {
    auto options = row.options();
    options.memo = {{"note", hg::to_payload("kept")}};
    const auto handle = row.client().start<&Continues::run>(options, "once");
    const std::string first = handle.first_execution_run_id();
    EXPECT_THAT(handle.result(), ElementsAre("once again", options.id, first, "kept"));
    const auto newest = row.client().handle<&Continues::run>(options.id);
    const auto description = newest.describe();
    EXPECT_NE(description.run_id, first);
    EXPECT_EQ(hg::from_payload<std::string>(description.memo.at("note")), "kept");
    EXPECT_EQ(
        Events::of(newest).first("WorkflowExecutionStarted").value("continuedExecutionRunId", ""),
        first
    );
    row.replay(row.client().handle(options.id, first));
    row.replay(newest);
}

const Registration kRow{
    {.path = "continue_as_new/continue_as_same",
     .checks = "the next run has the new arguments, the same id and memo, and knows the run before "
               "it; a wait for the result follows",
     .run = run}
};

}  // namespace conformance::continue_as_same
