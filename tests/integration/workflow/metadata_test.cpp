// What workflows write into their histories for people: summaries and details.
#include "tests/integration/workflow/fixture.hpp"
#include "tests/integration/workflow/recorded_events.hpp"

#include <string>
#include <vector>

namespace described {

int one() {
    return 1;
}

class DescribedLeaf {
public:
    hg::Task<void> run() { co_return; }
};

/// One of each kind of event that takes a summary.
class DescribedTree {
public:
    hg::Task<void> run() {
        co_await wf::sleep(1ms, {.summary = "rests"});
        co_await wf::wait_condition_for(1ms, [] { return false; }, "waits");
        const wf::ActivityOptions remote{.start_to_close_timeout = 30s, .summary = "counts"};
        co_await wf::execute_activity<&one>(remote);
        const wf::LocalActivityOptions local{
            .start_to_close_timeout = 30s, .summary = "counts here"
        };
        co_await wf::execute_local_activity<&one>(local);
        const wf::ChildWorkflowOptions child{
            .static_summary = "a leaf", .static_details = "of *this* tree"
        };
        co_await wf::execute_child<&DescribedLeaf::run>(child);
        co_await wf::sleep(1ms);
    }
};

}  // namespace described

HOURGLASS_ACTIVITY(described::one, "one_that_is_described");
HOURGLASS_WORKFLOW(described::DescribedLeaf, run);
HOURGLASS_WORKFLOW(described::DescribedTree, run);

namespace {

using hg::test::recorded_events;
using ::testing::ElementsAre;
namespace enums = temporal::api::enums::v1;

class MetadataTest : public WorkflowTest {
protected:
    /// Of each event of the type: its summary, and its details after a bar.
    static std::vector<std::string> texts(
        const hg::WorkflowHistory& history, enums::EventType type
    ) {
        std::vector<std::string> texts;
        for (const auto& event : recorded_events(history, type)) {
            const auto& metadata = event.user_metadata();
            texts.push_back(
                metadata.summary().data() +
                (metadata.has_details() ? " | " + metadata.details().data() : "")
            );
        }
        return texts;
    }
};

TEST_P(MetadataTest, IsInTheHistoryWithTheEventThatItIsOf) {
    auto options = start_options("described");
    options.static_summary = "a tree";
    options.static_details = "with one leaf";
    const auto handle = client_->start<&described::DescribedTree::run>(options);
    handle.result();
    const auto history = handle.history();
    EXPECT_THAT(
        texts(history, enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED),
        ElementsAre(R"("a tree" | "with one leaf")")
    );
    EXPECT_THAT(
        texts(history, enums::EVENT_TYPE_TIMER_STARTED), ElementsAre(R"("rests")", R"("waits")", "")
    );
    EXPECT_THAT(
        texts(history, enums::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED), ElementsAre(R"("counts")")
    );
    EXPECT_THAT(texts(history, enums::EVENT_TYPE_MARKER_RECORDED), ElementsAre(R"("counts here")"));
    EXPECT_THAT(
        texts(history, enums::EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED),
        ElementsAre(R"("a leaf" | "of *this* tree")")
    );
}

TEST_P(MetadataTest, OfAChildIsInItsOwnHistory) {
    const auto handle = start<&described::DescribedTree::run>();
    handle.result();
    const auto started =
        recorded_events(handle.history(), enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED);
    ASSERT_EQ(started.size(), 1U);
    const auto& leaf =
        started[0].child_workflow_execution_started_event_attributes().workflow_execution();
    EXPECT_THAT(
        texts(
            client_->handle(leaf.workflow_id()).history(),
            enums::EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
        ),
        ElementsAre(R"("a leaf" | "of *this* tree")")
    );
}

INSTANTIATE_TEST_SUITE_P(Replay, MetadataTest, with_and_without_cache(), cache_name);

}  // namespace
