#include "tests/unit/workflow/harness.hpp"

#include <optional>
#include <string>

namespace versions = temporal::api::enums::v1;

struct StaysOnItsVersion {
    hg::Task<std::string> run() { co_return "stayed"; }
};
HOURGLASS_WORKFLOW(StaysOnItsVersion, run, versioning(Pinned))

struct MovesOn {
    hg::Task<std::string> run() {
        const auto version = wf::info().deployment_version;
        co_return version ? version->deployment_name + "/" + version->build_id : "none";
    }
    void poke() {}
};
HOURGLASS_WORKFLOW(MovesOn, run, signals(poke), versioning(AutoUpgrade), name("moves_on"))

struct LeavesItToTheWorker {
    hg::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(LeavesItToTheWorker, run)

namespace {

template <class W>
versions::VersioningBehavior answered(bool versioned_worker) {
    wf::WorkflowRun run{
        wf::definition_of<W>(),
        "run-1",
        {.workflow_namespace = "default", .task_queue = "queue-1", .versioned = versioned_worker}
    };
    Jobs jobs;
    jobs.start(std::string{wf::definition_of<W>().name});
    return run.activate(jobs.activation()).successful().versioning_behavior();
}

}  // namespace

TEST(Versioning, is_told_with_each_answer_of_a_versioned_worker) {
    EXPECT_EQ(answered<StaysOnItsVersion>(true), versions::VERSIONING_BEHAVIOR_PINNED);
    EXPECT_EQ(answered<MovesOn>(true), versions::VERSIONING_BEHAVIOR_AUTO_UPGRADE);
    EXPECT_EQ(answered<LeavesItToTheWorker>(true), versions::VERSIONING_BEHAVIOR_UNSPECIFIED)
        << "Core puts the worker's default there";
}

TEST(Versioning, is_not_told_by_a_worker_without_versions) {
    EXPECT_EQ(answered<StaysOnItsVersion>(false), versions::VERSIONING_BEHAVIOR_UNSPECIFIED);
}

TEST(Versioning, gives_the_workflow_the_version_of_its_task) {
    RunOf<MovesOn> run;
    Jobs jobs;
    jobs.start("moves_on");
    auto& version = *jobs.activation().mutable_deployment_version_for_current_task();
    version.set_deployment_name("shop");
    version.set_build_id("v2");
    EXPECT_THAT(run.activate(jobs), ElementsAre(R"(complete "shop/v2")"));
}

TEST(Versioning, of_a_catalog_names_those_that_leave_it_to_the_worker) {
    wf::Catalog catalog;
    catalog.add(wf::definition_of<StaysOnItsVersion>());
    catalog.add(wf::definition_of<MovesOn>());
    EXPECT_THAT(catalog.without_versioning(), IsEmpty());
    catalog.add(wf::definition_of<LeavesItToTheWorker>());
    wf::Definition for_every_type = wf::definition_of<LeavesItToTheWorker>();
    for_every_type.dynamic = true;
    catalog.add(for_every_type);
    EXPECT_THAT(catalog.without_versioning(), ElementsAre("LeavesItToTheWorker", "dynamic()"));
}
