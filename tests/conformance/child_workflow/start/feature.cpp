#include "tests/conformance/harness/row.hpp"

namespace conformance::child_start {

class Waits {
public:
    hg::Task<void> run() {
        co_await wf::wait_condition([this] { return go_; });
    }
    void go() { go_ = true; }

private:
    bool go_ = false;
};

}  // namespace conformance::child_start

HOURGLASS_WORKFLOW(conformance::child_start::Waits, run, name("ChildStartChild"), signals(go));

namespace conformance::child_start {

class Parent {
public:
    hg::Task<void> run(std::string id) {
        wf::ChildWorkflowOptions options;
        options.id = id;
        const auto child = wf::execute_child<&Waits::run>(options);
        run_id_ = co_await child.started();
        co_await child;
    }
    std::string started() const { return run_id_; }

private:
    std::string run_id_;
};

}  // namespace conformance::child_start

HOURGLASS_WORKFLOW(
    conformance::child_start::Parent, run, name("ChildStartParent"), queries(started)
);

namespace conformance::child_start {

void run(Row& row) {
    const std::string id = unique("child");
    const auto handle = row.start<&Parent::run>(id);
    std::string run_id;
    ASSERT_TRUE(eventually([&] {
        run_id = handle.query<&Parent::started>();
        return !run_id.empty();
    }));
    const auto child = row.client().handle<&Waits::run>(id);
    const auto description = child.describe();
    EXPECT_EQ(description.run_id, run_id);
    EXPECT_EQ(description.status, hg::WorkflowStatus::Running);
    child.signal<&Waits::go>();
    handle.result();
    row.replay(handle);
}

const Registration kRow{
    {.path = "child_workflow/start",
     .checks = "the start gives the child's id and its first run's while the child still runs",
     .run = run}
};

}  // namespace conformance::child_start
