#include "tests/conformance/harness/row.hpp"

#include <optional>

namespace conformance::data_empty {

void takes_nothing(std::optional<std::string> text) {
    if (text) {
        throw hg::ApplicationError{"there was something: " + *text, {.non_retryable = true}};
    }
}

class SendsNothing {
public:
    hg::Task<void> run() {
        const std::optional<std::string> nothing;
        co_await wf::execute_activity<&takes_nothing>({.start_to_close_timeout = 10s}, nothing);
    }
};

}  // namespace conformance::data_empty

HOURGLASS_ACTIVITY(conformance::data_empty::takes_nothing);
HOURGLASS_WORKFLOW(conformance::data_empty::SendsNothing, run);

namespace conformance::data_empty {

void run(Row& row) {
    const auto handle = row.start<&SendsNothing::run>();
    handle.result();
    const auto events = Events::of(handle);
    const auto expected =
        nlohmann::json::parse(R"({"metadata": {"encoding": "YmluYXJ5L251bGw="}})");
    EXPECT_EQ(events.first("ActivityTaskScheduled")["input"]["payloads"][0], expected);
    EXPECT_EQ(events.first("ActivityTaskCompleted")["result"]["payloads"][0], expected);
    EXPECT_EQ(events.first("WorkflowExecutionCompleted")["result"]["payloads"][0], expected);
    row.replay(handle);
}

const Registration kRow{
    {.path = "data_converter/empty",
     .checks = "an empty optional travels as `binary/null`, and so does the result of a function "
               "without one",
     .run = run}
};

}  // namespace conformance::data_empty
