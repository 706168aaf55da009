#include "tests/conformance/harness/row.hpp"

namespace conformance::child_result {

class GivesBack {
public:
    hg::Task<std::string> run(std::string text) { co_return text; }
};

}  // namespace conformance::child_result

HOURGLASS_WORKFLOW(conformance::child_result::GivesBack, run, name("ChildResultChild"));

namespace conformance::child_result {

class Parent {
public:
    hg::Task<std::string> run() {
        const std::string result =
            co_await wf::execute_child<&GivesBack::run>({}, "from the child");
        co_return result;
    }
};

}  // namespace conformance::child_result

HOURGLASS_WORKFLOW(conformance::child_result::Parent, run, name("ChildResultParent"));

namespace conformance::child_result {

void run(Row& row) {
    const auto handle = row.start<&Parent::run>();
    EXPECT_EQ(handle.result(), "from the child");
    EXPECT_EQ(Events::of(handle).count("ChildWorkflowExecutionCompleted"), 1U);
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/result", .checks = "a child's result comes to its parent", .run = run}
};

}  // namespace conformance::child_result
