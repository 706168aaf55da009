#include "hourglass/client/task_queues.hpp"

#include "src/client/ask.hpp"
#include "src/client/checks.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <utility>

namespace hourglass::admin {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using client::ask;
using client::failed_future;

template <class Proto>
std::optional<WorkerDeploymentVersion> to_version(bool has, const Proto& proto) {
    return has ? std::optional{convert::from_proto(proto)} : std::nullopt;
}

TaskQueueDescription to_description(const service::DescribeTaskQueueResponse& response) {
    TaskQueueDescription description;
    for (const auto& each : response.pollers()) {
        TaskQueuePoller poller;
        poller.identity = each.identity();
        poller.last_access = convert::from_proto(each.last_access_time());
        poller.rate_per_second = each.rate_per_second();
        if (!each.deployment_options().deployment_name().empty()) {
            poller.deployment_version = WorkerDeploymentVersion{
                .deployment_name = each.deployment_options().deployment_name(),
                .build_id = each.deployment_options().build_id()
            };
        }
        description.pollers.push_back(std::move(poller));
    }
    const auto& stats = response.stats();
    description.stats = {
        .backlog = stats.approximate_backlog_count(),
        .backlog_age = std::chrono::duration_cast<std::chrono::milliseconds>(
            convert::from_proto(stats.approximate_backlog_age())
        ),
        .add_rate = stats.tasks_add_rate(),
        .dispatch_rate = stats.tasks_dispatch_rate()
    };
    const auto& versioning = response.versioning_info();
    description.current_version = to_version(
        versioning.has_current_deployment_version(), versioning.current_deployment_version()
    );
    description.ramping_version = to_version(
        versioning.has_ramping_deployment_version(), versioning.ramping_deployment_version()
    );
    description.ramping_percentage = versioning.ramping_version_percentage();
    return description;
}

Page<WorkerSummary> to_page(const service::ListWorkersResponse& response) {
    Page<WorkerSummary> page;
    for (const auto& each : response.workers()) {
        page.items.push_back(
            {.instance_key = each.worker_instance_key(),
             .identity = each.worker_identity(),
             .task_queue = each.task_queue(),
             .host_name = each.host_name(),
             .process_id = each.process_id(),
             .sdk_name = each.sdk_name(),
             .sdk_version = each.sdk_version(),
             .status = static_cast<WorkerStatus>(each.status()),
             .started_at = convert::from_proto(each.start_time()),
             .deployment_version =
                 to_version(each.has_deployment_version(), each.deployment_version())}
        );
    }
    page.next_page_token = response.next_page_token();
    return page;
}

}  // namespace

Future<TaskQueueDescription> describe_task_queue_async(
    const Client& client, std::string name, TaskQueueKind kind
) {
    if (auto error = client::unusable_id(name, "describe", "a task queue", "give its name")) {
        return failed_future<TaskQueueDescription>(error);
    }
    service::DescribeTaskQueueRequest request;
    request.set_namespace_(client.namespace_name());
    request.mutable_task_queue()->set_name(name);
    request.set_task_queue_type(static_cast<enums::TaskQueueType>(kind));
    request.set_report_stats(true);
    return ask<service::DescribeTaskQueueResponse>(
        client,
        "workflow",
        "DescribeTaskQueue",
        "describe task queue \"" + name + '"',
        request,
        to_description
    );
}

Paged<WorkerSummary> list_workers(const Client& client, std::string query, ListOptions options) {
    return Paged<WorkerSummary>{
        [client, query = std::move(query), size = options.page_size](std::string token) {
            for (const auto& error :
                 {client::unusable_page_size(size), client::unusable_query(query)}) {
                if (error) {
                    return failed_future<Page<WorkerSummary>>(error);
                }
            }
            service::ListWorkersRequest request;
            request.set_namespace_(client.namespace_name());
            request.set_query(query);
            request.set_page_size(size);
            request.set_next_page_token(std::move(token));
            return ask<service::ListWorkersResponse>(
                client,
                "workflow",
                "ListWorkers",
                "list the workers that match \"" + query + '"',
                request,
                to_page
            );
        },
        options.limit
    };
}

}  // namespace hourglass::admin
