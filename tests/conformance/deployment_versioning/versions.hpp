#pragma once

#include "tests/conformance/harness/row.hpp"
#include <hourglass/client/worker_deployments.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace conformance {

/// Says which version of its worker ran its first task, and which one the task after it was poked.
class Routed {
public:
    hg::Task<std::string> note() {
        first_ = here();
        co_await wf::wait_condition([this] { return poked_; });
        co_return first_ + ", " + here();
    }
    void poke() { poked_ = true; }
    std::string first() const { return first_; }

private:
    static std::string here() {
        const auto version = wf::info().deployment_version;
        return version ? version->build_id : "none";
    }

    std::string first_;
    bool poked_ = false;
};

/// Workers of several versions of one program, on one queue.
/// @threads one.
class Versions {
public:
    /// Starts a worker of that version, and waits until the server knows it.
    void deploy(const std::string& build_id) {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.default_worker.task_queue = queue_;
        options.default_worker.deployment = hg::WorkerDeploymentOptions{
            .version = of(build_id),
            // Of the other rows' workflows, which the worker must know, too.
            .default_versioning_behavior = hg::VersioningBehavior::Pinned
        };
        workers_.emplace(build_id, std::make_unique<hg::Application>(options));
        ASSERT_TRUE(eventually([&] { return is_known(build_id); })) << "no worker of " << build_id;
    }
    void make_current(const std::string& build_id) {
        hg::admin::set_current_version(client(), deployment_, {.build_id = build_id});
    }
    void ramp_up_fully(const std::string& build_id) {
        hg::admin::set_ramping_version(client(), deployment_, 100, {.build_id = build_id});
    }

    template <auto Run>
    [[nodiscard]] hg::WorkflowHandle<Run> start(std::optional<hg::VersioningOverride> version = {})
        const {
        return client().start<Run>(
            {.id = unique("row"), .task_queue = queue_, .versioning_override = std::move(version)}
        );
    }
    /// Waits until all partitions of the queue know: the server tells them after its answer.
    template <auto Run>
    void wait_until_routed_to(const std::string& build_id) const {
        int in_a_row = 0;
        ASSERT_TRUE(eventually([&] {
            const auto probe = start<Run>();
            const bool there = first_of(probe) == build_id;
            probe.terminate("only a probe");
            in_a_row = there ? in_a_row + 1 : 0;
            return in_a_row == 12;
        })) << "new workflows do not go to "
            << build_id;
    }
    /// Waits until the first task is done.
    template <class Handle>
    [[nodiscard]] static std::string first_of(const Handle& handle) {
        return handle.template query<&Routed::first>();
    }
    /// Which version ran the first task, and which one runs the next.
    template <class Handle>
    [[nodiscard]] static std::string poked(const Handle& handle) {
        handle.template signal<&Routed::poke>();
        return handle.result();
    }
    [[nodiscard]] hg::WorkerDeploymentVersion of(const std::string& build_id) const {
        return {.deployment_name = deployment_, .build_id = build_id};
    }

private:
    [[nodiscard]] hg::Client client() const { return workers_.begin()->second->client(); }
    [[nodiscard]] bool is_known(const std::string& build_id) const {
        try {
            const auto version = hg::admin::describe_deployment_version(client(), of(build_id));
            return version.task_queues.size() == 2;  // workflows and activities
        } catch (const hg::RpcError&) {
            return false;  // the server has not seen its polls yet
        }
    }

    const std::string queue_ = unique("versions");
    const std::string deployment_ = unique("deployment");
    std::map<std::string, std::unique_ptr<hg::Application>> workers_;
};

}  // namespace conformance
