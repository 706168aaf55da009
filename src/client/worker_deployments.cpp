#include "hourglass/client/worker_deployments.hpp"

#include "src/client/ask.hpp"
#include "src/client/checks.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <exception>
#include <utility>

namespace hourglass::admin {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace deployment = temporal::api::deployment::v1;
using client::ask;
using client::configuration_error;
using client::failed_future;
using convert::if_set;

constexpr auto kNothing = [](const auto&) {};

std::exception_ptr unusable(const std::string& name, const std::string& verb) {
    return client::unusable_id(name, verb, "a worker deployment", "give its name");
}

std::exception_ptr unusable(const WorkerDeploymentVersion& version, const std::string& verb) {
    if (version.deployment_name.empty() || version.build_id.empty()) {
        return configuration_error(
            "cannot " + verb + " a version of a worker deployment: its " +
            (version.deployment_name.empty() ? "deployment_name" : "build_id") +
            " is empty; a version is known by both"
        );
    }
    return nullptr;
}

std::string named(const WorkerDeploymentVersion& version) {
    return "version \"" + version.build_id + "\" of worker deployment \"" +
           version.deployment_name + '"';
}

/// The server sends a version without names where there is none.
std::optional<WorkerDeploymentVersion> to_version(const deployment::WorkerDeploymentVersion& proto
) {
    return proto.build_id().empty() ? std::nullopt : std::optional{convert::from_proto(proto)};
}

DeploymentRouting to_routing(const deployment::RoutingConfig& proto) {
    return {
        .current = to_version(proto.current_deployment_version()),
        .ramping = to_version(proto.ramping_deployment_version()),
        .ramping_percentage = proto.ramping_version_percentage()
    };
}

DeploymentVersionDescription to_description(const deployment::WorkerDeploymentVersionInfo& info) {
    DeploymentVersionDescription description;
    description.version = convert::from_proto(info.deployment_version());
    description.status = static_cast<DeploymentVersionStatus>(info.status());
    description.created_at = convert::from_proto(info.create_time());
    description.current_since = if_set(info.has_current_since_time(), info.current_since_time());
    description.ramping_since = if_set(info.has_ramping_since_time(), info.ramping_since_time());
    description.ramp_percentage = info.ramp_percentage();
    for (const auto& queue : info.task_queue_infos()) {
        description.task_queues.push_back(
            {.name = queue.name(), .kind = static_cast<TaskQueueKind>(queue.type())}
        );
    }
    description.metadata = convert::from_proto(info.metadata().entries());
    return description;
}

/// What both changes of the routing have in common.
template <class Request>
void fill(const Client& client, const std::string& name, RoutingChange change, Request& request) {
    request.set_namespace_(client.namespace_name());
    request.set_deployment_name(name);
    request.set_build_id(std::move(change.build_id));
    request.set_conflict_token(std::move(change.conflict_token));
    request.set_identity(client.identity());
    request.set_ignore_missing_task_queues(change.ignore_missing_task_queues);
    request.set_allow_no_pollers(change.allow_no_pollers);
}

constexpr auto kToken = [](const auto& response) { return response.conflict_token(); };

}  // namespace

std::string_view to_text(DeploymentVersionStatus status) {
    switch (status) {
        case DeploymentVersionStatus::Inactive:
            return "Inactive";
        case DeploymentVersionStatus::Current:
            return "Current";
        case DeploymentVersionStatus::Ramping:
            return "Ramping";
        case DeploymentVersionStatus::Draining:
            return "Draining";
        case DeploymentVersionStatus::Drained:
            return "Drained";
        case DeploymentVersionStatus::Created:
            return "Created";
        case DeploymentVersionStatus::Unspecified:
            break;
    }
    return "Unspecified";
}

Future<WorkerDeploymentDescription> describe_worker_deployment_async(
    const Client& client, std::string name
) {
    if (auto error = unusable(name, "describe")) {
        return failed_future<WorkerDeploymentDescription>(error);
    }
    service::DescribeWorkerDeploymentRequest request;
    request.set_namespace_(client.namespace_name());
    request.set_deployment_name(name);
    return ask<service::DescribeWorkerDeploymentResponse>(
        client,
        "workflow",
        "DescribeWorkerDeployment",
        "describe worker deployment \"" + name + '"',
        request,
        [](const service::DescribeWorkerDeploymentResponse& response) {
            const auto& info = response.worker_deployment_info();
            WorkerDeploymentDescription description;
            description.name = info.name();
            description.created_at = convert::from_proto(info.create_time());
            description.routing = to_routing(info.routing_config());
            for (const auto& each : info.version_summaries()) {
                description.versions.push_back(
                    {.version = convert::from_proto(each.deployment_version()),
                     .status = static_cast<DeploymentVersionStatus>(each.status()),
                     .created_at = convert::from_proto(each.create_time())}
                );
            }
            description.last_modifier_identity = info.last_modifier_identity();
            description.conflict_token = response.conflict_token();
            return description;
        }
    );
}

Paged<WorkerDeploymentDescription> list_worker_deployments(
    const Client& client, ListOptions options
) {
    return Paged<WorkerDeploymentDescription>{
        [client, size = options.page_size](std::string token) {
            if (auto error = client::unusable_page_size(size)) {
                return failed_future<Page<WorkerDeploymentDescription>>(error);
            }
            service::ListWorkerDeploymentsRequest request;
            request.set_namespace_(client.namespace_name());
            request.set_page_size(size);
            request.set_next_page_token(std::move(token));
            return ask<service::ListWorkerDeploymentsResponse>(
                client,
                "workflow",
                "ListWorkerDeployments",
                "list the worker deployments",
                request,
                [](const service::ListWorkerDeploymentsResponse& response) {
                    Page<WorkerDeploymentDescription> page;
                    for (const auto& each : response.worker_deployments()) {
                        auto& item = page.items.emplace_back();
                        item.name = each.name();
                        item.created_at = convert::from_proto(each.create_time());
                        item.routing = to_routing(each.routing_config());
                    }
                    page.next_page_token = response.next_page_token();
                    return page;
                }
            );
        },
        options.limit
    };
}

Future<DeploymentVersionDescription> describe_deployment_version_async(
    const Client& client, WorkerDeploymentVersion version
) {
    if (auto error = unusable(version, "describe")) {
        return failed_future<DeploymentVersionDescription>(error);
    }
    service::DescribeWorkerDeploymentVersionRequest request;
    request.set_namespace_(client.namespace_name());
    convert::to_proto(version, request.mutable_deployment_version());
    return ask<service::DescribeWorkerDeploymentVersionResponse>(
        client,
        "workflow",
        "DescribeWorkerDeploymentVersion",
        "describe " + named(version),
        request,
        [](const service::DescribeWorkerDeploymentVersionResponse& response) {
            return to_description(response.worker_deployment_version_info());
        }
    );
}

Future<std::string> set_current_version_async(
    const Client& client, std::string deployment_name, RoutingChange change
) {
    if (auto error = unusable(deployment_name, "set the current version of")) {
        return failed_future<std::string>(error);
    }
    service::SetWorkerDeploymentCurrentVersionRequest request;
    fill(client, deployment_name, std::move(change), request);
    return ask<service::SetWorkerDeploymentCurrentVersionResponse>(
        client,
        "workflow",
        "SetWorkerDeploymentCurrentVersion",
        "set the current version of worker deployment \"" + deployment_name + '"',
        request,
        kToken
    );
}

Future<std::string> set_ramping_version_async(
    const Client& client, std::string deployment_name, double percentage, RoutingChange change
) {
    if (auto error = unusable(deployment_name, "set the ramping version of")) {
        return failed_future<std::string>(error);
    }
    if (!(percentage >= 0 && percentage <= 100)) {
        return failed_future<std::string>(configuration_error(
            "cannot ramp to " + std::to_string(percentage) + " % in worker deployment \"" +
            deployment_name + "\"; the percentage goes from 0 to 100"
        ));
    }
    service::SetWorkerDeploymentRampingVersionRequest request;
    fill(client, deployment_name, std::move(change), request);
    request.set_percentage(static_cast<float>(percentage));
    return ask<service::SetWorkerDeploymentRampingVersionResponse>(
        client,
        "workflow",
        "SetWorkerDeploymentRampingVersion",
        "set the ramping version of worker deployment \"" + deployment_name + '"',
        request,
        kToken
    );
}

Future<std::map<std::string, Payload>> update_version_metadata_async(
    const Client& client,
    WorkerDeploymentVersion version,
    std::map<std::string, Payload> set,
    std::vector<std::string> remove
) {
    if (auto error = unusable(version, "update the metadata of")) {
        return failed_future<std::map<std::string, Payload>>(error);
    }
    service::UpdateWorkerDeploymentVersionMetadataRequest request;
    request.set_namespace_(client.namespace_name());
    convert::to_proto(version, request.mutable_deployment_version());
    convert::to_proto(set, request.mutable_upsert_entries());
    request.mutable_remove_entries()->Assign(remove.begin(), remove.end());
    request.set_identity(client.identity());
    return ask<service::UpdateWorkerDeploymentVersionMetadataResponse>(
        client,
        "workflow",
        "UpdateWorkerDeploymentVersionMetadata",
        "update the metadata of " + named(version),
        request,
        [](const service::UpdateWorkerDeploymentVersionMetadataResponse& response) {
            return convert::from_proto(response.metadata().entries());
        }
    );
}

Future<void> remove_deployment_version_async(
    const Client& client, WorkerDeploymentVersion version, bool skip_drainage
) {
    if (auto error = unusable(version, "delete")) {
        return failed_future<void>(error);
    }
    service::DeleteWorkerDeploymentVersionRequest request;
    request.set_namespace_(client.namespace_name());
    convert::to_proto(version, request.mutable_deployment_version());
    request.set_skip_drainage(skip_drainage);
    request.set_identity(client.identity());
    return ask<service::DeleteWorkerDeploymentVersionResponse>(
        client,
        "workflow",
        "DeleteWorkerDeploymentVersion",
        "delete " + named(version),
        request,
        kNothing
    );
}

Future<void> remove_worker_deployment_async(const Client& client, std::string name) {
    if (auto error = unusable(name, "delete")) {
        return failed_future<void>(error);
    }
    service::DeleteWorkerDeploymentRequest request;
    request.set_namespace_(client.namespace_name());
    request.set_deployment_name(name);
    request.set_identity(client.identity());
    return ask<service::DeleteWorkerDeploymentResponse>(
        client,
        "workflow",
        "DeleteWorkerDeployment",
        "delete worker deployment \"" + name + '"',
        request,
        kNothing
    );
}

}  // namespace hourglass::admin
