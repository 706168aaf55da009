// A workflow and an activity for every type against the dev server.
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

/// What ran, for which type, and with what.
std::string told(const char* function, const hg::Payloads& arguments) {
    const auto& info = hg::activity::info();
    return std::string{function} + " ran " + (info.is_local ? "local " : "") + info.activity_type +
           " with " + std::to_string(arguments.size()) + " arguments, the first being " +
           hg::from_payload<std::string>(arguments.at(0));
}
hg::RawValue of_every_worker(hg::Payloads arguments) {
    return {hg::to_payload(told("of_every_worker", arguments))};
}
hg::RawValue of_one_worker(hg::Payloads arguments) {
    return {hg::to_payload(told("of_one_worker", arguments))};
}
std::string known(std::string text) {
    return "known: " + text;
}

/// Calls activities by their names.
class Calls {
public:
    hg::Task<std::string> run() {
        const wf::ActivityOptions remote{.start_to_close_timeout = 30s};
        const wf::LocalActivityOptions local{.start_to_close_timeout = 30s};
        std::string said = co_await wf::execute_activity<std::string>("strange", remote, "a", 1);
        said += "\n" + co_await wf::execute_local_activity<std::string>("odd", local, "b", 2);
        said += "\n" + co_await wf::execute_activity<std::string>("known", remote, "c");
        said += "\n" + co_await wf::execute_local_activity<std::string>("known", local, "d");
        co_return said;
    }
};

}  // namespace anything

HOURGLASS_WORKFLOW(anything::Anything, run, dynamic());
HOURGLASS_WORKFLOW(anything::Calls, run, name("CallsAnything"));
HOURGLASS_ACTIVITY(anything::of_every_worker, dynamic);
HOURGLASS_ACTIVITY(anything::known);

namespace {

class DynamicTest : public WorkflowTest {};

TEST_P(DynamicTest, RunsWhatNobodyElseDefines) {
    EXPECT_EQ(
        client_->execute<std::string>("NobodyElse", start_options("dynamic"), "!"), "NobodyElse!"
    );
}

TEST_P(DynamicTest, RunsActivitiesThatNobodyElseDefines) {
    EXPECT_EQ(
        execute<&anything::Calls::run>(),
        "of_every_worker ran strange with 2 arguments, the first being a\n"
        "of_every_worker ran local odd with 2 arguments, the first being b\n"
        "known: c\n"
        "known: d"
    );
}

TEST_P(DynamicTest, RunsActivitiesThatAWorkerWithItsOwnDoesNotDefine) {
    const std::string queue = unique("own-activities");
    hg::activity::Definitions activities;
    activities.add_dynamic<&anything::of_one_worker>().add("known", [](const std::string& text) {
        return "known here: " + text;
    });
    app_->start_worker(
        {.task_queue = queue, .activities = activities, .max_cached_workflows = GetParam()}
    );
    auto options = start_options("dynamic");
    options.task_queue = queue;
    EXPECT_EQ(
        client_->execute<&anything::Calls::run>(options),
        "of_one_worker ran strange with 2 arguments, the first being a\n"
        "of_one_worker ran local odd with 2 arguments, the first being b\n"
        "known here: c\n"
        "known here: d"
    );
}

INSTANTIATE_TEST_SUITE_P(Replay, DynamicTest, with_and_without_cache(), cache_name);

}  // namespace
