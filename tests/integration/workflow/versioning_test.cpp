// Worker deployments against the dev server: two versions of one program on one queue.
#include "tests/integration/workflow/fixture.hpp"
#include <hourglass/client/worker_deployments.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace versions {

std::string here() {
    const auto version = wf::info().deployment_version;
    return version ? version->build_id : "none";
}

/// Notes on which versions its tasks run: the first one, and the one after it was poked.
class Notes {
public:
    hg::Task<std::vector<std::string>> note() {
        builds_.push_back(here());
        co_await wf::wait_condition([this] { return poked_; });
        builds_.push_back(here());
        co_return builds_;
    }
    void poke() { poked_ = true; }
    std::vector<std::string> builds() const { return builds_; }

private:
    std::vector<std::string> builds_;
    bool poked_ = false;
};

class PinnedNotes : public Notes {
public:
    hg::Task<std::vector<std::string>> run() { return note(); }
};
class MovingNotes : public Notes {
public:
    hg::Task<std::vector<std::string>> run() { return note(); }
};
/// Says nothing of versions: its worker decides.
class PlainNotes : public Notes {
public:
    hg::Task<std::vector<std::string>> run() { return note(); }
};

/// A pinned workflow whose second run is told which version it may go to.
class GoesOn {
public:
    hg::Task<std::string> run(bool upgrades, bool second) {
        if (second) {
            co_return here();
        }
        co_await wf::wait_condition([this] { return poked_; });
        wf::continue_as_new<&GoesOn::run>(
            {.versioning = upgrades ? wf::ContinueAsNewVersioning::AutoUpgrade
                                    : wf::ContinueAsNewVersioning::Inherit},
            upgrades,
            true
        );
    }
    void poke() { poked_ = true; }

private:
    bool poked_ = false;
};

/// Says whether there is another version to go to: at first, and when it was poked.
class LooksOut {
public:
    hg::Task<std::string> run() {
        first_ = target();
        co_await wf::wait_condition([this] { return poked_; });
        co_return first_ + ", " + target();
    }
    void poke() { poked_ = true; }
    std::string first() const { return first_; }

private:
    static std::string target() {
        return wf::info().target_deployment_version_changed ? "changed" : "the same";
    }

    std::string first_;
    bool poked_ = false;
};

/// Starts a child on the version that it is told.
class PinsItsChild {
public:
    hg::Task<std::string> run(std::string deployment, std::string build_id) {
        const wf::ChildWorkflowOptions options{
            .versioning_override =
                hg::VersioningOverride::pinned({.deployment_name = deployment, .build_id = build_id}
                )
        };
        const std::string child = co_await wf::execute_child<&GoesOn::run>(options, false, true);
        co_return here() + ", child " + child;
    }
};

}  // namespace versions

// [behaviors]
HOURGLASS_WORKFLOW(versions::PinnedNotes, run, signals(poke), queries(builds), versioning(Pinned));
HOURGLASS_WORKFLOW(
    versions::MovingNotes, run, signals(poke), queries(builds), versioning(AutoUpgrade)
);
// [behaviors]
HOURGLASS_WORKFLOW(versions::PlainNotes, run, signals(poke), queries(builds));
HOURGLASS_WORKFLOW(versions::GoesOn, run, signals(poke), versioning(Pinned));
HOURGLASS_WORKFLOW(versions::LooksOut, run, signals(poke), queries(first), versioning(Pinned));
HOURGLASS_WORKFLOW(versions::PinsItsChild, run, versioning(AutoUpgrade));

namespace {

using namespace versions;
using ::testing::ElementsAre;

class Versions : public ::testing::Test {
protected:
    /// Starts a worker of that version, and waits until the server knows it.
    void deploy(const std::string& build_id) {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.default_worker.task_queue = queue_;
        // [deployment]
        options.default_worker.deployment = hg::WorkerDeploymentOptions{
            .version = {.deployment_name = deployment_, .build_id = build_id},
            .default_versioning_behavior = hg::VersioningBehavior::Pinned
        };
        // [deployment]
        apps_.emplace(build_id, std::make_unique<hg::Application>(options));
        ASSERT_TRUE(eventually([&] { return known(build_id); })) << "no worker of " << build_id;
    }
    [[nodiscard]] bool known(const std::string& build_id) {
        try {
            const auto version = hg::admin::describe_deployment_version(client(), of(build_id));
            return version.task_queues.size() == 2;  // workflows and activities
        } catch (const hg::RpcError&) {
            return false;  // the server has not seen its polls yet
        }
    }
    void make_current(const std::string& build_id) {
        // [current]
        hg::admin::set_current_version(client(), deployment_, {.build_id = build_id});
        // [current]
    }
    [[nodiscard]] hg::WorkerDeploymentVersion of(const std::string& build_id) const {
        return {.deployment_name = deployment_, .build_id = build_id};
    }
    [[nodiscard]] hg::Client client() const { return apps_.begin()->second->client(); }

    template <auto Run, class... A>
    auto start(std::optional<hg::VersioningOverride> version = {}, A... arguments) {
        return client().start<Run>(
            {.id = unique("flow"), .task_queue = queue_, .versioning_override = std::move(version)},
            arguments...
        );
    }
    /// Waits until its first task is done.
    template <class Handle>
    static std::vector<std::string> first_builds(const Handle& handle) {
        return handle.template query<&Notes::builds>();
    }
    template <class Handle>
    static std::vector<std::string> poked(const Handle& handle) {
        handle.template signal<&Notes::poke>();
        return handle.result();
    }
    /// Waits until all partitions of the queue know: the server tells them after its answer.
    void wait_until_routed_to(const std::string& build_id) {
        int in_a_row = 0;
        ASSERT_TRUE(eventually([&] {
            const auto probe = start<&PinnedNotes::run>();
            const bool there = first_builds(probe) == std::vector<std::string>{build_id};
            probe.terminate("only a probe");
            in_a_row = there ? in_a_row + 1 : 0;
            return in_a_row == 12;
        })) << "new workflows do not go to "
            << build_id;
    }

    const std::string queue_ = unique("queue");
    const std::string deployment_ = unique("deployment");
    std::map<std::string, std::unique_ptr<hg::Application>> apps_;
};

TEST_F(Versions, APinnedWorkflowStaysAndAnAutoUpgradeOneMovesToTheCurrentVersion) {
    deploy("v1");
    make_current("v1");
    const auto pinned = start<&PinnedNotes::run>();
    const auto moving = start<&MovingNotes::run>();
    const auto plain = start<&PlainNotes::run>();
    EXPECT_THAT(first_builds(pinned), ElementsAre("v1"));
    EXPECT_THAT(first_builds(moving), ElementsAre("v1"));
    EXPECT_THAT(first_builds(plain), ElementsAre("v1"));

    deploy("v2");
    make_current("v2");
    wait_until_routed_to("v2");
    EXPECT_THAT(poked(pinned), ElementsAre("v1", "v1"));
    EXPECT_THAT(poked(moving), ElementsAre("v1", "v2"));
    EXPECT_THAT(poked(plain), ElementsAre("v1", "v1")) << "as the worker's default says";
    EXPECT_THAT(poked(start<&PinnedNotes::run>()), ElementsAre("v2", "v2")) << "a new one";
}

TEST_F(Versions, ARampOfAHundredPercentMovesAnAutoUpgradeWorkflow) {
    deploy("v1");
    make_current("v1");
    const auto moving = start<&MovingNotes::run>();
    EXPECT_THAT(first_builds(moving), ElementsAre("v1"));
    deploy("v2");
    hg::admin::set_ramping_version(client(), deployment_, 100, {.build_id = "v2"});
    wait_until_routed_to("v2");
    EXPECT_THAT(poked(moving), ElementsAre("v1", "v2"));
}

TEST_F(Versions, AnOverrideAtTheStartPinsAWorkflowThatWouldMove) {
    deploy("v1");
    deploy("v2");
    make_current("v2");
    const auto moving = start<&MovingNotes::run>(hg::VersioningOverride::pinned(of("v1")));
    EXPECT_THAT(first_builds(moving), ElementsAre("v1"));
    EXPECT_THAT(poked(moving), ElementsAre("v1", "v1"));
}

TEST_F(Versions, AnOverrideOfAWorkflowThatRunsTakesItToAVersionThatIsNotCurrent) {
    deploy("v1");
    make_current("v1");
    const auto moving = start<&MovingNotes::run>();
    EXPECT_THAT(first_builds(moving), ElementsAre("v1"));
    deploy("v2");
    ASSERT_TRUE(eventually([&] {
        try {
            moving.update_options({.versioning_override = hg::VersioningOverride::pinned(of("v2"))}
            );
            return true;
        } catch (const hg::RpcError&) {
            return false;  // the queue does not know that version yet
        }
    }));
    EXPECT_THAT(poked(moving), ElementsAre("v1", "v2"));
}

TEST_F(Versions, APinnedWorkflowIsToldThatThereIsAnotherVersionToGoTo) {
    deploy("v1");
    make_current("v1");
    const auto pinned = start<&LooksOut::run>();
    EXPECT_EQ(pinned.query<&LooksOut::first>(), "the same");
    deploy("v2");
    make_current("v2");
    wait_until_routed_to("v2");
    pinned.signal<&LooksOut::poke>();
    EXPECT_EQ(pinned.result(), "the same, changed");
}

TEST_F(Versions, APinnedWorkflowMovesWithContinueAsNewIfItSaysSo) {
    deploy("v1");
    make_current("v1");
    const auto stays = start<&GoesOn::run>(std::nullopt, false, false);
    const auto upgrades = start<&GoesOn::run>(std::nullopt, true, false);
    ASSERT_TRUE(eventually([&] {
        return stays.describe().deployment_version && upgrades.describe().deployment_version;
    })) << "their first tasks are not done";
    deploy("v2");
    make_current("v2");
    stays.signal<&GoesOn::poke>();
    upgrades.signal<&GoesOn::poke>();
    EXPECT_EQ(stays.result(), "v1");
    EXPECT_EQ(upgrades.result(), "v2");
}

TEST_F(Versions, AnOverridePinsAChildToAnotherVersionThanItsParents) {
    deploy("v1");
    deploy("v2");
    make_current("v2");
    const auto parent = start<&PinsItsChild::run>(std::nullopt, deployment_, std::string{"v1"});
    EXPECT_EQ(parent.result(), "v2, child v1");
}

TEST_F(Versions, AWorkerThatOnlyTellsItsVersionWorksLikeAnyOther) {
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.default_worker.task_queue = queue_;
    options.default_worker.deployment = hg::WorkerDeploymentOptions{
        .version = {.deployment_name = deployment_, .build_id = "v1"},
        .use_worker_versioning = false
    };
    apps_.emplace("v1", std::make_unique<hg::Application>(options));
    EXPECT_EQ(poked(start<&PinnedNotes::run>()).size(), 2U);
}

}  // namespace
