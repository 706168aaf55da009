#include "hourglass/client/admin.hpp"

#include "grpc/health/v1/health.pb.h"
#include "src/client/ask.hpp"
#include "src/client/checks.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/operatorservice/v1/request_response.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace hourglass::admin {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace operations = temporal::api::operatorservice::v1;
namespace enums = temporal::api::enums::v1;
using client::ask;
using client::configuration_error;
using client::failed_future;
using std::chrono::milliseconds;

constexpr auto kNothing = [](const auto&) {};

template <class Map>
SearchAttributeTypes to_types(const Map& protos) {
    SearchAttributeTypes types;
    for (const auto& [name, type] : protos) {
        types.emplace(name, static_cast<SearchAttributeType>(type));
    }
    return types;
}

std::exception_ptr unusable_attribute(const std::string& name, SearchAttributeType type) {
    if (auto error = client::unusable_id(name, "add", "a search attribute", "name it")) {
        return error;
    }
    std::string known;
    for (int number = 1; number <= static_cast<int>(SearchAttributeType::KeywordList); ++number) {
        const auto each = static_cast<SearchAttributeType>(number);
        if (each == type) {
            return nullptr;
        }
        known.append(known.empty() ? "" : ", ").append(to_text(each));
    }
    const std::string wrong = type == SearchAttributeType::Unspecified
                                  ? "Unspecified"
                                  : "the number " + std::to_string(static_cast<int>(type));
    return configuration_error(
        "cannot add the search attribute \"" + name + "\": its type is " + wrong +
        "; it must be one of " + known
    );
}

template <class Response>
NamespaceDescription to_description(const Response& response) {
    const auto& info = response.namespace_info();
    NamespaceDescription description;
    description.name = info.name();
    description.id = info.id();
    description.state = static_cast<NamespaceState>(info.state());
    description.description = info.description();
    description.owner_email = info.owner_email();
    description.retention = std::chrono::duration_cast<milliseconds>(
        convert::from_proto(response.config().workflow_execution_retention_ttl())
    );
    for (const auto& [key, value] : info.data()) {
        description.data.emplace(key, value);
    }
    const auto& can = info.capabilities();
    description.capabilities = {
        .eager_workflow_start = can.eager_workflow_start(),
        .sync_update = can.sync_update(),
        .async_update = can.async_update(),
        .worker_heartbeats = can.worker_heartbeats(),
        .workflow_pause = can.workflow_pause(),
        .standalone_activities = can.standalone_activities(),
        .standalone_nexus_operations = can.standalone_nexus_operation(),
        .schedules = info.supports_schedules()
    };
    return description;
}

std::exception_ptr unusable_namespace(const std::string& name, const std::string& verb) {
    return client::unusable_id(name, verb, "a namespace", "give its name");
}

std::exception_ptr unusable_retention(const milliseconds& retention, const std::string& field) {
    if (retention > milliseconds{0}) {
        return nullptr;
    }
    return configuration_error(
        field + " is " + std::to_string(retention.count()) + " ms; it must be greater than 0"
    );
}

}  // namespace

Future<bool> check_health_async(const Client& client, std::string service_name) {
    using grpc::health::v1::HealthCheckResponse;
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(
        service_name.empty() ? "temporal.api.workflowservice.v1.WorkflowService"
                             : std::move(service_name)
    );
    return ask<HealthCheckResponse>(
        client,
        "health",
        "Check",
        "check the server's health",
        request,
        [](const HealthCheckResponse& response) {
            return response.status() == HealthCheckResponse::SERVING;
        }
    );
}

Future<void> add_search_attributes_async(const Client& client, SearchAttributeTypes attributes) {
    operations::AddSearchAttributesRequest request;
    request.set_namespace_(client.namespace_name());
    std::string names;
    for (const auto& [name, type] : attributes) {
        if (auto error = unusable_attribute(name, type)) {
            return failed_future<void>(error);
        }
        (*request.mutable_search_attributes())[name] = static_cast<enums::IndexedValueType>(type);
        names += (names.empty() ? "" : ", ") + name;
    }
    if (attributes.empty()) {
        return failed_future<void>(
            configuration_error("cannot add search attributes: none are given")
        );
    }
    return ask<operations::AddSearchAttributesResponse>(
        client,
        "operator",
        "AddSearchAttributes",
        "add the search attributes " + names,
        request,
        kNothing
    );
}

Future<void> remove_search_attributes_async(const Client& client, std::vector<std::string> names) {
    if (names.empty()) {
        return failed_future<void>(
            configuration_error("cannot remove search attributes: none are given")
        );
    }
    operations::RemoveSearchAttributesRequest request;
    request.set_namespace_(client.namespace_name());
    std::string all;
    for (const auto& name : names) {
        if (auto error = client::unusable_id(name, "remove", "a search attribute", "name it")) {
            return failed_future<void>(error);
        }
        request.add_search_attributes(name);
        all += (all.empty() ? "" : ", ") + name;
    }
    return ask<operations::RemoveSearchAttributesResponse>(
        client,
        "operator",
        "RemoveSearchAttributes",
        "remove the search attributes " + all,
        request,
        kNothing
    );
}

Future<SearchAttributeList> list_search_attributes_async(const Client& client) {
    operations::ListSearchAttributesRequest request;
    request.set_namespace_(client.namespace_name());
    return ask<operations::ListSearchAttributesResponse>(
        client,
        "operator",
        "ListSearchAttributes",
        "list the search attributes",
        request,
        [](const operations::ListSearchAttributesResponse& response) {
            return SearchAttributeList{
                .custom = to_types(response.custom_attributes()),
                .system = to_types(response.system_attributes())
            };
        }
    );
}

Future<void> create_namespace_async(const Client& client, NamespaceOptions options) {
    for (const auto& error :
         {unusable_namespace(options.name, "create"),
          unusable_retention(options.retention, "NamespaceOptions::retention")}) {
        if (error) {
            return failed_future<void>(error);
        }
    }
    service::RegisterNamespaceRequest request;
    request.set_namespace_(options.name);
    request.set_description(convert::valid_utf8(options.description));
    request.set_owner_email(convert::valid_utf8(options.owner_email));
    convert::to_proto(options.retention, request.mutable_workflow_execution_retention_period());
    request.mutable_data()->insert(options.data.begin(), options.data.end());
    return ask<service::RegisterNamespaceResponse>(
        client,
        "workflow",
        "RegisterNamespace",
        "create namespace \"" + options.name + '"',
        request,
        kNothing
    );
}

Future<NamespaceDescription> describe_namespace_async(const Client& client, std::string name) {
    if (name.empty()) {
        name = client.namespace_name();
    }
    if (auto error = unusable_namespace(name, "describe")) {
        return failed_future<NamespaceDescription>(error);
    }
    service::DescribeNamespaceRequest request;
    request.set_namespace_(name);
    return ask<service::DescribeNamespaceResponse>(
        client,
        "workflow",
        "DescribeNamespace",
        "describe namespace \"" + name + '"',
        request,
        [](const service::DescribeNamespaceResponse& response) { return to_description(response); }
    );
}

Future<NamespaceDescription> update_namespace_async(
    const Client& client, std::string name, NamespaceUpdate update
) {
    if (auto error = unusable_namespace(name, "update")) {
        return failed_future<NamespaceDescription>(error);
    }
    if (update.retention) {
        if (auto error = unusable_retention(*update.retention, "NamespaceUpdate::retention")) {
            return failed_future<NamespaceDescription>(error);
        }
    }
    // The server takes an empty description or owner for unset if the message is there at all, so
    // what stays is read first.
    const Client both{client.backend()->as_one_call()};
    return detail::chain(
        describe_namespace_async(both, name),
        [client = both, name, update = std::move(update)](const NamespaceDescription& is) {
            service::UpdateNamespaceRequest request;
            request.set_namespace_(name);
            auto& info = *request.mutable_update_info();
            info.set_description(convert::valid_utf8(update.description.value_or(is.description)));
            info.set_owner_email(convert::valid_utf8(update.owner_email.value_or(is.owner_email)));
            info.mutable_data()->insert(update.data.begin(), update.data.end());
            if (update.retention) {
                convert::to_proto(
                    *update.retention,
                    request.mutable_config()->mutable_workflow_execution_retention_ttl()
                );
            }
            return ask<service::UpdateNamespaceResponse>(
                client,
                "workflow",
                "UpdateNamespace",
                "update namespace \"" + name + '"',
                request,
                [](const service::UpdateNamespaceResponse& response) {
                    return to_description(response);
                }
            );
        }
    );
}

Future<void> remove_namespace_async(const Client& client, std::string name) {
    if (auto error = unusable_namespace(name, "delete")) {
        return failed_future<void>(error);
    }
    operations::DeleteNamespaceRequest request;
    request.set_namespace_(name);
    return ask<operations::DeleteNamespaceResponse>(
        client, "operator", "DeleteNamespace", "delete namespace \"" + name + '"', request, kNothing
    );
}

Paged<NamespaceDescription> list_namespaces(const Client& client, ListOptions options) {
    return Paged<NamespaceDescription>{
        [client, size = options.page_size](std::string token) {
            if (auto error = client::unusable_page_size(size)) {
                return failed_future<Page<NamespaceDescription>>(error);
            }
            service::ListNamespacesRequest request;
            request.set_page_size(size);
            request.set_next_page_token(std::move(token));
            return ask<service::ListNamespacesResponse>(
                client,
                "workflow",
                "ListNamespaces",
                "list the namespaces",
                request,
                [](const service::ListNamespacesResponse& response) {
                    Page<NamespaceDescription> page;
                    for (const auto& each : response.namespaces()) {
                        page.items.push_back(to_description(each));
                    }
                    page.next_page_token = response.next_page_token();
                    return page;
                }
            );
        },
        options.limit
    };
}

}  // namespace hourglass::admin
