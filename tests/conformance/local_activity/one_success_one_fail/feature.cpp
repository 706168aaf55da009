#include "tests/conformance/harness/row.hpp"

namespace conformance::local_one_of_each {

std::string local_from_third_attempt() {
    if (hg::activity::info().attempt < 3) {
        throw hg::ApplicationError{"not yet"};
    }
    return "done";
}

void local_never() {
    throw hg::ApplicationError{"never"};
}

class LocalsOneOfEach {
public:
    hg::Task<std::string> run() {
        wf::LocalActivityOptions options{.start_to_close_timeout = 10s};
        options.retry_policy = hg::RetryPolicy{.initial_interval = 1ms, .maximum_attempts = 3};
        const auto good = wf::execute_local_activity<&local_from_third_attempt>(options);
        const auto bad = wf::execute_local_activity<&local_never>(options);
        std::string said = co_await good;
        try {
            co_await bad;
        } catch (const hg::ActivityError& error) {
            said += " " + error.find_cause<hg::ApplicationError>()->message();
        }
        co_return said;
    }
};

}  // namespace conformance::local_one_of_each

HOURGLASS_ACTIVITY(conformance::local_one_of_each::local_from_third_attempt);
HOURGLASS_ACTIVITY(conformance::local_one_of_each::local_never);
HOURGLASS_WORKFLOW(conformance::local_one_of_each::LocalsOneOfEach, run);

namespace conformance::local_one_of_each {

void run(Row& row) {
    const auto handle = row.start<&LocalsOneOfEach::run>();
    EXPECT_EQ(handle.result(), "done never");
    const auto markers = Events::of(handle).all("MarkerRecorded");
    ASSERT_EQ(markers.size(), 2U) << "attempts leave none";
    EXPECT_EQ(markers[0].contains("failure") + markers[1].contains("failure"), 1);
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/one_success_one_fail",
     .checks = "one marker each for a local activity that succeeds in the end and one that fails, "
               "and none for their attempts",
     .run = run}
};

}  // namespace conformance::local_one_of_each
