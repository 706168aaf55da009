#include "hourglass/client/task_queues.hpp"

#include "src/client/ask.hpp"
#include "src/client/checks.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/proto_versioning.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <chrono>
#include <cstdint>
#include <utility>

namespace hourglass::admin {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
namespace worker = temporal::api::worker::v1;
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

WorkerSlots to_slots(const worker::WorkerSlotsInfo& proto) {
    return {
        .available = proto.current_available_slots(),
        .used = proto.current_used_slots(),
        .supplier_kind = proto.slot_supplier_kind(),
        .processed = proto.total_processed_tasks(),
        .failed = proto.total_failed_tasks()
    };
}

WorkerPollers to_pollers(const worker::WorkerPollerInfo& proto) {
    return {
        .current = proto.current_pollers(),
        .last_successful_poll = convert::if_set(
            proto.has_last_successful_poll_time(), proto.last_successful_poll_time()
        ),
        .is_autoscaling = proto.is_autoscaling()
    };
}

WorkerDescription to_worker(const service::DescribeWorkerResponse& response) {
    const auto& told = response.worker_info().worker_heartbeat();
    WorkerDescription description;
    description.instance_key = told.worker_instance_key();
    description.identity = told.worker_identity();
    description.task_queue = told.task_queue();
    description.host_name = told.host_info().host_name();
    description.process_id = told.host_info().process_id();
    description.sdk_name = told.sdk_name();
    description.sdk_version = told.sdk_version();
    description.status = static_cast<WorkerStatus>(told.status());
    description.started_at = convert::from_proto(told.start_time());
    description.deployment_version =
        to_version(told.has_deployment_version(), told.deployment_version());
    description.heartbeat_at = convert::from_proto(told.heartbeat_time());
    description.host_cpu_usage = told.host_info().current_host_cpu_usage();
    description.host_memory_usage = told.host_info().current_host_mem_usage();
    description.workflow_slots = to_slots(told.workflow_task_slots_info());
    description.activity_slots = to_slots(told.activity_task_slots_info());
    description.local_activity_slots = to_slots(told.local_activity_slots_info());
    description.nexus_slots = to_slots(told.nexus_task_slots_info());
    description.workflow_pollers = to_pollers(told.workflow_poller_info());
    description.sticky_pollers = to_pollers(told.workflow_sticky_poller_info());
    description.activity_pollers = to_pollers(told.activity_poller_info());
    description.nexus_pollers = to_pollers(told.nexus_poller_info());
    description.cache_hits = told.total_sticky_cache_hit();
    description.cache_misses = told.total_sticky_cache_miss();
    description.cached_workflows = told.current_sticky_cache_size();
    return description;
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

Future<std::int64_t> count_workers_async(const Client& client, std::string query) {
    if (const auto error = client::unusable_query(query)) {
        return failed_future<std::int64_t>(error);
    }
    service::CountWorkersRequest request;
    request.set_namespace_(client.namespace_name());
    request.set_query(query);
    return ask<service::CountWorkersResponse>(
        client,
        "workflow",
        "CountWorkers",
        "count the workers that match \"" + query + '"',
        request,
        [](const service::CountWorkersResponse& response) -> std::int64_t {
            return response.count();
        }
    );
}

Future<WorkerDescription> describe_worker_async(const Client& client, std::string instance_key) {
    if (auto error = client::unusable_id(
            instance_key, "describe", "a worker", "give WorkerSummary::instance_key"
        )) {
        return failed_future<WorkerDescription>(error);
    }
    service::DescribeWorkerRequest request;
    request.set_namespace_(client.namespace_name());
    request.set_worker_instance_key(instance_key);
    return ask<service::DescribeWorkerResponse>(
        client,
        "workflow",
        "DescribeWorker",
        "describe worker \"" + instance_key + '"',
        request,
        to_worker
    );
}

}  // namespace hourglass::admin
