#pragma once

// Makes every class derived from google::protobuf::Message convertible. It is written as JSON
// (`json/protobuf`), as by the other SDKs; wrap it in BinaryProto to write it as `binary/protobuf`.
// Both are read. Link protobuf yourself.

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"

#include <google/protobuf/message.h>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace hourglass {

/// A protobuf message that is written in its binary format: smaller and faster, but unreadable in
/// Temporal's UI.
template <std::derived_from<google::protobuf::Message> M>
struct BinaryProto {
    M message;
};

namespace detail {

[[nodiscard]] Payload protobuf_to_json_payload(const google::protobuf::Message& message);
[[nodiscard]] Payload protobuf_to_binary_payload(const google::protobuf::Message& message);
/// Reads `json/protobuf` or `binary/protobuf`, whichever it is, if `messageType` is the message's.
void protobuf_from_payload(const Payload& payload, google::protobuf::Message& message);

}  // namespace detail

template <std::derived_from<google::protobuf::Message> M>
    requires(!std::same_as<M, google::protobuf::Message>)
struct PayloadFormat<M> {
    static Payload encode(const M& message) { return detail::protobuf_to_json_payload(message); }
    static M decode(const Payload& payload) {
        M message;
        detail::protobuf_from_payload(payload, message);
        return message;
    }
};

template <class M>
struct PayloadFormat<BinaryProto<M>> {
    static Payload encode(const BinaryProto<M>& binary) {
        return detail::protobuf_to_binary_payload(binary.message);
    }
    static BinaryProto<M> decode(const Payload& payload) {
        return {PayloadFormat<M>::decode(payload)};
    }
};

}  // namespace hourglass
