#include "tests/conformance/harness/row.hpp"

namespace conformance::update_basic {

class Updatable {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return finish_; });
        co_return "Hello, World!";
    }
    std::string my_update() {
        finish_ = true;
        return "Updated";
    }

private:
    bool finish_ = false;
};

}  // namespace conformance::update_basic

HOURGLASS_WORKFLOW(
    conformance::update_basic::Updatable, run, name("UpdateBasic"), updates(my_update)
);

namespace conformance::update_basic {

void run(Row& row) {
    const auto handle = row.start<&Updatable::run>();
    EXPECT_EQ(handle.update<&Updatable::my_update>(), "Updated");
    EXPECT_EQ(handle.result(), "Hello, World!");
    const auto events = Events::of(handle);
    EXPECT_EQ(events.count("WorkflowExecutionUpdateAccepted"), 1U);
    EXPECT_EQ(events.count("WorkflowExecutionUpdateCompleted"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/basic", .checks = "an update's result comes back to the client", .run = run}
};

}  // namespace conformance::update_basic
