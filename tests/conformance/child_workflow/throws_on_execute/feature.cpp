#include "tests/conformance/harness/row.hpp"

namespace conformance::child_throws {

class Throws {
public:
    hg::Task<void> run() {
        throw hg::ApplicationError{
            "no money",
            {.type = "Declined", .non_retryable = true, .details = hg::encode_arguments("card", 5)}
        };
        co_return;
    }
};

}  // namespace conformance::child_throws

HOURGLASS_WORKFLOW(conformance::child_throws::Throws, run, name("ChildThrowsChild"));

namespace conformance::child_throws {

class Parent {
public:
    hg::Task<std::string> run() {
        std::string said = "nothing";
        try {
            co_await wf::execute_child<&Throws::run>({});
        } catch (const hg::ChildWorkflowError& error) {
            const auto cause = std::dynamic_pointer_cast<const hg::ApplicationError>(error.cause());
            said = error.workflow_type();
            if (cause != nullptr) {
                said += "/" + cause->message() + "/" + cause->type() + "/" +
                        (cause->non_retryable() ? "final/" : "/") + cause->detail<std::string>(0) +
                        "/" + std::to_string(cause->detail<int>(1));
            }
        }
        co_return said;
    }
};

}  // namespace conformance::child_throws

HOURGLASS_WORKFLOW(conformance::child_throws::Parent, run, name("ChildThrowsParent"));

namespace conformance::child_throws {

void run(Row& row) {
    const auto handle = row.start<&Parent::run>();
    EXPECT_EQ(handle.result(), "ChildThrowsChild/no money/Declined/final/card/5");
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/throws_on_execute",
     .checks = "a child's application failure comes to its parent inside of a ChildWorkflowError, "
               "with type and details",
     .run = run}
};

}  // namespace conformance::child_throws
