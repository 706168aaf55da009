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

template <class Request>
std::string request_with(const CommonLinks& links) {
    Request request;
    *request.mutable_links() = links;
    return request.SerializeAsString();
}

/// Older servers name none.
template <class Response>
void collect(const std::string& bytes, OutboundLinks& outbound) {
    Response response;
    if (response.ParseFromString(bytes) && response.has_link()) {
        outbound.add(response.link());
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
    : channel_{std::move(channel)}, outbound_{std::move(outbound)} {
    const auto links = inbound_links(operation);
    of_signal_ = request_with<service::SignalWorkflowExecutionRequest>(links);
    of_signal_with_start_ = request_with<service::SignalWithStartWorkflowExecutionRequest>(links);
    of_start_ = request_with<service::StartWorkflowExecutionRequest>(links);
}

void LinkingChannel::call(client::RpcRequest request, client::RpcCallback callback) {
    if (request.method == "SignalWorkflowExecution") {
        request.body += of_signal_;
    } else if (request.method == "SignalWithStartWorkflowExecution") {
        request.body += of_signal_with_start_;
    } else if (request.method == "StartWorkflowExecution") {
        request.body += of_start_;
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
