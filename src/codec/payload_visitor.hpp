#pragma once

#include "hourglass/codec/payload_context.hpp"

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/failure/v1/message.pb.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstddef>
#include <memory>
#include <vector>

namespace hourglass::codec {

/// Whether any message of the type can have a payload that travels encoded. Computed once a type.
/// @threads any.
[[nodiscard]] bool may_have_payloads(const google::protobuf::Descriptor& type);

/// Why the payloads of a field are never encoded: whoever is between here and the other side reads
/// them. Null if they are.
[[nodiscard]] const char* read_by_others(const google::protobuf::FieldDescriptor& field);

/// What a message says about whose the payloads in it are, and in those that answer it.
[[nodiscard]] PayloadContext whose(const google::protobuf::Message& message, PayloadContext known);

/// Whether the field's payloads are a header's: to be visited or not.
[[nodiscard]] bool is_header(const google::protobuf::FieldDescriptor& field);

/// The payloads found in messages, each with whose it is. Points into the messages: they may be
/// neither changed nor destroyed meanwhile.
class FoundPayloads {
public:
    using Payload = temporal::api::common::v1::Payload;
    using Failure = temporal::api::failure::v1::Failure;

    struct Group {
        PayloadContext context;
        std::vector<Payload*> payloads;
    };

    /// Called for each failure before its payloads are taken, so that it may make some.
    using AtFailure = void (*)(Failure& failure);

    /// Finds all payloads of a message in time that is linear in its size; a message whose type has
    /// none costs nothing.
    /// @param context  what is known from elsewhere; the message's own fields tell more.
    void find(
        google::protobuf::Message& message,
        const PayloadContext& context,
        bool with_headers,
        AtFailure at_failure = nullptr
    );

    /// By whose they are; none is empty.
    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
    [[nodiscard]] bool empty() const { return groups_.empty(); }

    /// Puts messages that came packed in an Any back into it, once their payloads have changed.
    void pack();

private:
    friend class Search;

    struct Opened {
        google::protobuf::Any* any;
        std::unique_ptr<google::protobuf::Message> message;
    };

    std::vector<Group> groups_;
    std::vector<Opened> opened_;
};

}  // namespace hourglass::codec
