#include "tests/conformance/harness/row.hpp"

namespace conformance::schedule_cron {

class RunsByCron {
public:
    hg::Task<std::string> run() { co_return wf::info().cron_schedule; }
};

}  // namespace conformance::schedule_cron

HOURGLASS_WORKFLOW(conformance::schedule_cron::RunsByCron, run);

namespace conformance::schedule_cron {

void run(Row& row) {
    auto options = row.options();
    options.cron_schedule = "@every 2s";
    const auto handle = row.client().start<&RunsByCron::run>(options);
    std::string run_id = handle.first_execution_run_id();
    for (int i = 0; i < 2; ++i) {
        const auto this_run = row.client().handle<&RunsByCron::run>(options.id, run_id);
        ASSERT_TRUE(eventually([&] {
            return Events::of(this_run).count("WorkflowExecutionCompleted") == 1;
        }));
        const auto completed = Events::of(this_run).first("WorkflowExecutionCompleted");
        EXPECT_EQ(
            completed["result"]["payloads"][0],
            payload_json(
                hg::Payload{.metadata = {{"encoding", "json/plain"}}, .data = "\"@every 2s\""}
            )
        );
        run_id = completed.value("newExecutionRunId", "");
        ASSERT_NE(run_id, "");
        row.replay(this_run);
    }
    row.client().handle(options.id).terminate("seen enough");
}

const Registration kRow{
    {.path = "schedule/cron",
     .checks = "a workflow with a cron schedule completes twice, and knows its schedule",
     .run = run}
};

}  // namespace conformance::schedule_cron
