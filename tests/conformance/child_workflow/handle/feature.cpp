#include "tests/conformance/harness/row.hpp"

#include <vector>

namespace conformance::child_handle {

class Waits {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return !text_.empty(); });
        co_return text_;
    }
    void say(std::string text) { text_ = std::move(text); }

private:
    std::string text_;
};

}  // namespace conformance::child_handle

HOURGLASS_WORKFLOW(conformance::child_handle::Waits, run, name("ChildHandleChild"), signals(say));

namespace conformance::child_handle {

class Parent {
public:
    hg::Task<std::vector<std::string>> run(std::string id) {
        wf::ChildWorkflowOptions options;
        options.id = id;
        const auto child = wf::execute_child<&Waits::run>(options);
        const std::string before = child.first_execution_run_id();
        const std::string started = co_await child.started();
        co_await child.signal<&Waits::say>("hello");
        const std::string result = co_await child;
        co_return std::vector<std::string>{
            child.id(), before, started, child.first_execution_run_id(), result
        };
    }
};

}  // namespace conformance::child_handle

HOURGLASS_WORKFLOW(conformance::child_handle::Parent, run, name("ChildHandleParent"));

namespace conformance::child_handle {

void run(Row& row) {
    const std::string id = unique("child");
    const auto handle = row.start<&Parent::run>(id);
    const auto seen = handle.result();
    const std::string run_id = row.client().handle<&Waits::run>(id).describe().run_id;
    EXPECT_THAT(seen, ElementsAre(id, "", run_id, run_id, "hello"));
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/handle",
     .checks = "a child's handle knows its id and its first run's, gives its result, and takes "
               "signals",
     .run = run}
};

}  // namespace conformance::child_handle
