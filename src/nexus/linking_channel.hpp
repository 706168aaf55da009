#pragma once

#include "src/client/rpc_channel.hpp"

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/nexus/v1/message.pb.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace hourglass::nexus {

/// Those that lead to what an operation has started or told, for its caller's history.
/// @threads any.
class OutboundLinks {
public:
    using Links = google::protobuf::RepeatedPtrField<temporal::api::nexus::v1::Link>;

    /// Nothing if it is of a kind that is not known here, or there already.
    void add(const temporal::api::common::v1::Link& link);
    [[nodiscard]] Links all() const;

private:
    mutable std::mutex mutex_;
    Links links_;
};

/// What of an operation's inbound links can be attached to a call; of the others the log tells.
[[nodiscard]] google::protobuf::RepeatedPtrField<temporal::api::common::v1::Link> inbound_links(
    const temporal::api::nexus::v1::StartOperationRequest& operation
);

/// The channel of a handler's client: what the handler starts, signals and updates leads to the
/// caller of the operation, and the caller to that, as far as the server says where it is.
class LinkingChannel final : public client::RpcChannel {
public:
    LinkingChannel(
        std::shared_ptr<client::RpcChannel> channel,
        const temporal::api::nexus::v1::StartOperationRequest& operation,
        std::shared_ptr<OutboundLinks> outbound
    );

    void prepare() override { channel_->prepare(); }
    void call(client::RpcRequest request, client::RpcCallback callback) override;

private:
    const std::shared_ptr<client::RpcChannel> channel_;
    const std::shared_ptr<OutboundLinks> outbound_;
    const google::protobuf::RepeatedPtrField<temporal::api::common::v1::Link> links_;
    /// What is put behind the request of a method.
    const std::map<std::string, std::string> additions_;
};

}  // namespace hourglass::nexus
