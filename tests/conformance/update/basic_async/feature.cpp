#include "tests/conformance/harness/row.hpp"

namespace conformance::update_basic_async {

class Validates {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return !state_.empty(); });
        co_return state_;
    }
    std::string set(std::string state) {
        state_ = std::move(state);
        return "update-result";
    }
    void check(std::string state) const {
        if (state == "bad") {
            throw hg::ApplicationError{"invalid update argument"};
        }
    }

private:
    std::string state_;
};

}  // namespace conformance::update_basic_async

HOURGLASS_WORKFLOW(
    conformance::update_basic_async::Validates,
    run,
    name("UpdateBasicAsync"),
    updates(validated(set, check))
);

namespace conformance::update_basic_async {

void run(Row& row) {
    const auto handle = row.start<&Validates::run>();
    const auto bad = handle.start_update<&Validates::set>({}, "bad");
    try {
        bad.result();
        ADD_FAILURE() << "the validator was to reject it";
    } catch (const hg::UpdateFailedError& error) {
        ASSERT_NE(error.cause(), nullptr);
        EXPECT_EQ(error.cause()->message(), "invalid update argument");
    }
    const auto good = handle.start_update<&Validates::set>({}, "foo");
    EXPECT_EQ(good.result(), "update-result");
    EXPECT_EQ(handle.result(), "foo");
    EXPECT_EQ(Events::of(handle).count("WorkflowExecutionUpdateAccepted"), 1U)
        << "a rejected one leaves nothing";
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/basic_async",
     .checks =
         "a validator rejects one update, which leaves no event; another one changes the state "
         "and has a result",
     .run = run}
};

}  // namespace conformance::update_basic_async
