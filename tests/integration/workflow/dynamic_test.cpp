// A workflow for every type against the dev server.
#include "tests/integration/workflow/fixture.hpp"

#include <string>

namespace anything {

class Anything {
public:
    hg::Task<std::string> run(hg::Payloads arguments) {
        co_await wf::sleep(1ms);
        co_return wf::info().workflow_type + hg::from_payload<std::string>(arguments.at(0));
    }
};

}  // namespace anything

HOURGLASS_WORKFLOW(anything::Anything, run, dynamic());

namespace {

class DynamicTest : public WorkflowTest {};

TEST_P(DynamicTest, RunsWhatNobodyElseDefines) {
    EXPECT_EQ(
        client_->execute<std::string>("NobodyElse", start_options("dynamic"), "!"), "NobodyElse!"
    );
}

INSTANTIATE_TEST_SUITE_P(Replay, DynamicTest, with_and_without_cache(), cache_name);

}  // namespace
