#include "hourglass/client/nexus_endpoints.hpp"

#include "src/client/ask.hpp"
#include "src/client/checks.hpp"
#include "src/client/describe.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/nexus/v1/message.pb.h"
#include "temporal/api/operatorservice/v1/request_response.pb.h"

#include <exception>
#include <utility>

namespace hourglass::admin {

namespace {

namespace operations = temporal::api::operatorservice::v1;
using client::ask;
using client::failed_future;

NexusEndpoint to_endpoint(const temporal::api::nexus::v1::Endpoint& proto) {
    NexusEndpoint endpoint;
    endpoint.id = proto.id();
    endpoint.version = proto.version();
    endpoint.spec.name = proto.spec().name();
    endpoint.spec.target = {
        .workflow_namespace = proto.spec().target().worker().namespace_(),
        .task_queue = proto.spec().target().worker().task_queue(),
        .url = proto.spec().target().external().url()
    };
    if (proto.spec().has_description()) {
        endpoint.spec.description = client::text_of(proto.spec().description());
    }
    endpoint.created_time = convert::from_proto(proto.created_time());
    endpoint.last_modified_time =
        convert::if_set(proto.has_last_modified_time(), proto.last_modified_time());
    endpoint.url_prefix = proto.url_prefix();
    return endpoint;
}

/// @throws ConfigurationError naming what is not usable.
void write(
    const Client& client,
    const std::string& verb,
    const NexusEndpointSpec& spec,
    temporal::api::nexus::v1::EndpointSpec* proto
) {
    const auto unusable =
        client::unusable_id(spec.name, verb, "a Nexus endpoint", "set NexusEndpointSpec::name");
    if (unusable) {
        std::rethrow_exception(unusable);
    }
    const NexusEndpointTarget& target = spec.target;
    if (target.task_queue.empty() == target.url.empty()) {
        throw ConfigurationError{
            "cannot " + verb + " Nexus endpoint \"" + spec.name +
            "\": it must lead to a task queue or to a URL; set one of "
            "NexusEndpointTarget::task_queue and url"
        };
    }
    for (const auto* const text : {&target.workflow_namespace, &target.task_queue, &target.url}) {
        if (!convert::is_utf8(*text)) {
            throw ConfigurationError{
                "cannot " + verb + " Nexus endpoint \"" + spec.name +
                "\": its target is not valid UTF-8"
            };
        }
    }
    proto->set_name(spec.name);
    if (!target.url.empty()) {
        proto->mutable_target()->mutable_external()->set_url(target.url);
    } else {
        auto& worker = *proto->mutable_target()->mutable_worker();
        worker.set_namespace_(
            target.workflow_namespace.empty() ? client.namespace_name() : target.workflow_namespace
        );
        worker.set_task_queue(target.task_queue);
    }
    if (!spec.description.empty()) {
        convert::to_proto(
            to_payload(convert::valid_utf8(spec.description)), proto->mutable_description()
        );
    }
}

std::exception_ptr unusable_endpoint(const std::string& id, const std::string& verb) {
    return client::unusable_id(
        id, verb, "a Nexus endpoint", "give NexusEndpoint::id as the server has said it"
    );
}

}  // namespace

Future<NexusEndpoint> create_nexus_endpoint_async(const Client& client, NexusEndpointSpec spec) {
    operations::CreateNexusEndpointRequest request;
    try {
        write(client, "create", spec, request.mutable_spec());
    } catch (const Error&) {
        return failed_future<NexusEndpoint>(std::current_exception());
    }
    return ask<operations::CreateNexusEndpointResponse>(
        client,
        "operator",
        "CreateNexusEndpoint",
        "create Nexus endpoint \"" + spec.name + '"',
        request,
        [](const operations::CreateNexusEndpointResponse& response) {
            return to_endpoint(response.endpoint());
        }
    );
}

Future<NexusEndpoint> get_nexus_endpoint_async(const Client& client, std::string id) {
    if (auto error = unusable_endpoint(id, "get")) {
        return failed_future<NexusEndpoint>(error);
    }
    operations::GetNexusEndpointRequest request;
    request.set_id(id);
    return ask<operations::GetNexusEndpointResponse>(
        client,
        "operator",
        "GetNexusEndpoint",
        "get Nexus endpoint " + id,
        request,
        [](const operations::GetNexusEndpointResponse& response) {
            return to_endpoint(response.endpoint());
        }
    );
}

Future<std::optional<NexusEndpoint>> find_nexus_endpoint_async(
    const Client& client, std::string name
) {
    if (auto error = client::unusable_id(name, "find", "a Nexus endpoint", "give its name")) {
        return failed_future<std::optional<NexusEndpoint>>(error);
    }
    operations::ListNexusEndpointsRequest request;
    request.set_page_size(1);
    request.set_name(name);
    return ask<operations::ListNexusEndpointsResponse>(
        client,
        "operator",
        "ListNexusEndpoints",
        "find Nexus endpoint \"" + name + '"',
        request,
        [](const operations::ListNexusEndpointsResponse& response) {
            return response.endpoints().empty() ? std::nullopt
                                                : std::optional{to_endpoint(response.endpoints(0))};
        }
    );
}

Future<NexusEndpoint> update_nexus_endpoint_async(const Client& client, NexusEndpoint endpoint) {
    operations::UpdateNexusEndpointRequest request;
    try {
        if (const auto error = unusable_endpoint(endpoint.id, "update")) {
            std::rethrow_exception(error);
        }
        write(client, "update", endpoint.spec, request.mutable_spec());
    } catch (const Error&) {
        return failed_future<NexusEndpoint>(std::current_exception());
    }
    request.set_id(endpoint.id);
    request.set_version(endpoint.version);
    return ask<operations::UpdateNexusEndpointResponse>(
        client,
        "operator",
        "UpdateNexusEndpoint",
        "update Nexus endpoint \"" + endpoint.spec.name + '"',
        request,
        [](const operations::UpdateNexusEndpointResponse& response) {
            return to_endpoint(response.endpoint());
        }
    );
}

Future<void> remove_nexus_endpoint_async(const Client& client, NexusEndpoint endpoint) {
    if (auto error = unusable_endpoint(endpoint.id, "delete")) {
        return failed_future<void>(error);
    }
    operations::DeleteNexusEndpointRequest request;
    request.set_id(endpoint.id);
    request.set_version(endpoint.version);
    return ask<operations::DeleteNexusEndpointResponse>(
        client,
        "operator",
        "DeleteNexusEndpoint",
        "delete Nexus endpoint " + endpoint.id,
        request,
        [](const operations::DeleteNexusEndpointResponse&) {}
    );
}

Paged<NexusEndpoint> list_nexus_endpoints(const Client& client, ListOptions options) {
    return Paged<NexusEndpoint>{
        [client, size = options.page_size](std::string token) {
            if (auto error = client::unusable_page_size(size)) {
                return failed_future<Page<NexusEndpoint>>(error);
            }
            operations::ListNexusEndpointsRequest request;
            request.set_page_size(size);
            request.set_next_page_token(std::move(token));
            return ask<operations::ListNexusEndpointsResponse>(
                client,
                "operator",
                "ListNexusEndpoints",
                "list the Nexus endpoints",
                request,
                [](const operations::ListNexusEndpointsResponse& response) {
                    Page<NexusEndpoint> page;
                    for (const auto& each : response.endpoints()) {
                        page.items.push_back(to_endpoint(each));
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
