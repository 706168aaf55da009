#include "src/nexus/linking_channel.hpp"

#include "hourglass/base/log.hpp"
#include "src/nexus/links.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <algorithm>
#include <utility>

namespace hourglass::nexus {
namespace {

namespace service = temporal::api::workflowservice::v1;
using temporal::api::common::v1::Link;
using CommonLinks = google::protobuf::RepeatedPtrField<Link>;

/// A serialized request with nothing but the links; bytes behind bytes are one message.
template <class Request>
std::string request_with(const CommonLinks& links) {
    Request request;
    *request.mutable_links() = links;
    return request.SerializeAsString();
}

std::string update_with(const CommonLinks& links) {
    service::UpdateWorkflowExecutionRequest request;
    *request.mutable_request()->mutable_links() = links;
    return request.SerializeAsString();
}

std::map<std::string, std::string> additions_with(const CommonLinks& links) {
    if (links.empty()) {
        return {};
    }
    return {
        {"SignalWorkflowExecution", request_with<service::SignalWorkflowExecutionRequest>(links)},
        {"SignalWithStartWorkflowExecution",
         request_with<service::SignalWithStartWorkflowExecutionRequest>(links)},
        {"StartWorkflowExecution", request_with<service::StartWorkflowExecutionRequest>(links)},
        {"UpdateWorkflowExecution", update_with(links)},
        {"StartActivityExecution", request_with<service::StartActivityExecutionRequest>(links)}
    };
}

/// A start with an update is a list of requests, and nothing put behind it gets into them.
void add_to_each(const CommonLinks& links, std::string& body) {
    service::ExecuteMultiOperationRequest request;
    if (!request.ParseFromString(body)) {
        return;  // of a raw call: the server says what is wrong with it
    }
    for (auto& operation : *request.mutable_operations()) {
        if (operation.has_start_workflow()) {
            operation.mutable_start_workflow()->mutable_links()->MergeFrom(links);
        } else if (operation.has_update_workflow()) {
            auto& update = *operation.mutable_update_workflow()->mutable_request();
            update.mutable_links()->MergeFrom(links);
        }
    }
    body = request.SerializeAsString();
}

/// Older servers name none.
template <class Response>
void collect(const std::string& bytes, OutboundLinks& outbound) {
    Response response;
    if (response.ParseFromString(bytes) && response.has_link()) {
        outbound.add(response.link());
    }
}

void collect_of_each(const std::string& bytes, OutboundLinks& outbound) {
    service::ExecuteMultiOperationResponse response;
    if (!response.ParseFromString(bytes)) {
        return;
    }
    for (const auto& each : response.responses()) {
        // Of a workflow that ran already it is the update that the operation has made.
        if (each.start_workflow().started() && each.start_workflow().has_link()) {
            outbound.add(each.start_workflow().link());
        }
        if (each.update_workflow().has_link()) {
            outbound.add(each.update_workflow().link());
        }
    }
}

void collect_from(const std::string& method, const std::string& bytes, OutboundLinks& outbound) {
    if (method == "SignalWorkflowExecution") {
        collect<service::SignalWorkflowExecutionResponse>(bytes, outbound);
    } else if (method == "StartWorkflowExecution") {
        collect<service::StartWorkflowExecutionResponse>(bytes, outbound);
    } else if (method == "UpdateWorkflowExecution") {
        collect<service::UpdateWorkflowExecutionResponse>(bytes, outbound);
    } else if (method == "QueryWorkflow") {
        collect<service::QueryWorkflowResponse>(bytes, outbound);
    } else if (method == "SignalWithStartWorkflowExecution") {
        service::SignalWithStartWorkflowExecutionResponse response;
        if (response.ParseFromString(bytes) && response.has_signal_link()) {
            outbound.add(response.signal_link());
        }
    } else if (method == "ExecuteMultiOperation") {
        collect_of_each(bytes, outbound);
    } else if (method == "StartActivityExecution") {
        collect<service::StartActivityExecutionResponse>(bytes, outbound);
    }
}

}  // namespace

void OutboundLinks::add(const Link& link) {
    auto converted = to_nexus(link);
    if (!converted) {
        return;
    }
    const std::lock_guard lock{mutex_};
    const bool known = std::ranges::any_of(links_, [&converted](const auto& each) {
        return each.type() == converted->type() && each.url() == converted->url();
    });
    if (!known) {  // of calls in a loop, say
        *links_.Add() = *std::move(converted);
    }
}

OutboundLinks::Links OutboundLinks::all() const {
    const std::lock_guard lock{mutex_};
    return links_;
}

CommonLinks inbound_links(const temporal::api::nexus::v1::StartOperationRequest& operation) {
    CommonLinks links;
    for (const auto& link : operation.links()) {
        if (auto converted = from_nexus(link)) {
            *links.Add() = *std::move(converted);
        } else {
            log::debug(
                "a link of a Nexus operation's caller is left out: it leads to nothing of "
                "Temporal's",
                {{"type", link.type()}, {"url", link.url()}}
            );
        }
    }
    return links;
}

LinkingChannel::LinkingChannel(
    std::shared_ptr<client::RpcChannel> channel,
    const temporal::api::nexus::v1::StartOperationRequest& operation,
    std::shared_ptr<OutboundLinks> outbound
)
    : channel_{std::move(channel)},
      outbound_{std::move(outbound)},
      links_{inbound_links(operation)},
      additions_{additions_with(links_)} {}

void LinkingChannel::call(client::RpcRequest request, client::RpcCallback callback) {
    if (const auto addition = additions_.find(request.method); addition != additions_.end()) {
        request.body += addition->second;
    } else if (request.method == "ExecuteMultiOperation" && !links_.empty()) {
        add_to_each(links_, request.body);
    }
    const std::string method = request.method;
    channel_->call(
        std::move(request),
        [method, outbound = outbound_, callback = std::move(callback)](client::RpcAnswer answer) {
            if (answer) {
                collect_from(method, *answer, *outbound);
            }
            callback(std::move(answer));
        }
    );
}

}  // namespace hourglass::nexus
