#include "tests/unit/workflow/harness.hpp"

#include <string>

struct AsksForAWrongCron {
    hg::Task<std::string> run() {
        std::string said;
        try {
            wf::ChildWorkflowOptions options{.cron_schedule = "0 25 * * *"};
            co_await wf::execute_child<int>("Child", options);
        } catch (const hg::ConfigurationError& error) {
            said = error.what();
        }
        co_return said;
    }
};
HOURGLASS_WORKFLOW(AsksForAWrongCron, run)

TEST(Child, with_a_cron_schedule_that_the_server_would_refuse_is_not_asked_for) {
    RunOf<AsksForAWrongCron> run;
    EXPECT_THAT(
        run.start(),
        ElementsAre(AllOf(
            HasSubstr("execute_child of 'Child': cron_schedule is "),
            HasSubstr("its hour has "),
            HasSubstr("expected numbers from 0 to 23")
        ))
    );
}
