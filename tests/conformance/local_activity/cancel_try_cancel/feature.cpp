#include "tests/conformance/local_activity/cancelled.hpp"

namespace conformance::local_cancel_try {

Gate& heard() {
    static Gate gate;
    return gate;
}
Gate& let_go() {
    static Gate gate;
    return gate;
}
Gate& ended() {
    static Gate gate;
    return gate;
}

/// Hears of its cancellation, and has a result all the same, which nobody wants.
std::string local_tried() {
    if (hg::activity::wait_for_cancellation(20s)) {
        heard().open();
    }
    let_go().wait();
    ended().open();
    return "too late";
}

class LocalIsTried {
public:
    hg::Task<std::string> run() {
        const std::string said =
            co_await start_and_cancel<&local_tried>(wf::ActivityCancellationType::TryCancel);
        co_return said;
    }
};

}  // namespace conformance::local_cancel_try

HOURGLASS_ACTIVITY(conformance::local_cancel_try::local_tried);
HOURGLASS_WORKFLOW(conformance::local_cancel_try::LocalIsTried, run);

namespace conformance::local_cancel_try {

void run(Row& row) {
    const auto handle = start_with_short_tasks<&LocalIsTried::run>(row);
    EXPECT_EQ(handle.result(), "cancelled");
    EXPECT_FALSE(ended().is_open()) << "the workflow did not wait for it";
    EXPECT_TRUE(heard().wait());
    let_go().open();
    ASSERT_TRUE(ended().wait());
    row.replay(handle);
}

const Registration kRow{
    {.path = "local_activity/cancel_try_cancel",
     .checks = "the workflow goes on at once, the local activity hears of it, and its result is "
               "ignored",
     .run = run}
};

}  // namespace conformance::local_cancel_try
