// Priorities against the dev server: what workflows give on to activities and children.
#include "tests/integration/workflow/fixture.hpp"

#include <optional>
#include <vector>

namespace priorities {

/// "1 tenant 2"
std::string text_of(const hg::Priority& priority) {
    return std::to_string(priority.key.value_or(0)) + " " + priority.fairness_key.get() + " " +
           std::to_string(static_cast<int>(priority.fairness_weight.value_or(0)));
}

std::string of_activity() {
    return text_of(hg::activity::info().priority);
}

class OfChild {
public:
    hg::Task<std::string> run() { co_return text_of(wf::info().priority); }
};

}  // namespace priorities

HOURGLASS_ACTIVITY(priorities::of_activity, "priority_of_activity");
HOURGLASS_WORKFLOW(priorities::OfChild, run, name("PriorityOfChild"));

namespace priorities {

class GivesOn {
public:
    hg::Task<std::vector<std::string>> run(std::string child_id) {
        std::vector<std::string> seen{text_of(wf::info().priority)};
        // One that starts eagerly is told by the server what it has of its own, and no more.
        wf::ActivityOptions activity{.start_to_close_timeout = 30s, .disable_eager = true};
        seen.push_back(co_await wf::execute_activity<&of_activity>(activity));
        activity.priority = {.key = 5, .fairness_key = "other", .fairness_weight = 3.0F};
        seen.push_back(co_await wf::execute_activity<&of_activity>(activity));
        wf::ChildWorkflowOptions child;
        seen.push_back(co_await wf::execute_child<&OfChild::run>(child));
        child.id = child_id;
        child.priority = {.key = 4, .fairness_key = "other", .fairness_weight = 3.0F};
        seen.push_back(co_await wf::execute_child<&OfChild::run>(child));
        co_return seen;
    }
};

}  // namespace priorities

HOURGLASS_WORKFLOW(priorities::GivesOn, run, name("GivesPriorityOn"));

namespace {

using ::testing::ElementsAre;

class Priorities : public WorkflowTest {};

TEST_P(Priorities, AreInheritedByActivitiesAndChildrenThatHaveNoneOfTheirOwn) {
    auto options = start_options("priority");
    options.priority = {.key = 1, .fairness_key = "tenant", .fairness_weight = 2.0F};
    const std::string child = unique("child");
    const auto handle = client_->start<&priorities::GivesOn::run>(options, child);
    EXPECT_THAT(
        handle.result(),
        ElementsAre("1 tenant 2", "1 tenant 2", "5 other 3", "1 tenant 2", "4 other 3")
    );
    EXPECT_EQ(handle.describe().priority, options.priority);
    const hg::Priority of_child = client_->handle(child).describe().priority;
    EXPECT_EQ(priorities::text_of(of_child), "4 other 3");
    EXPECT_THAT(handle.history().to_json(), HasSubstr("\"priorityKey\":5")) << "of the activity";
}

INSTANTIATE_TEST_SUITE_P(Replay, Priorities, with_and_without_cache(), cache_name);

}  // namespace
