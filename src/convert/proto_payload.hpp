#pragma once

// Payloads between Hourglass's type and the API's. Data moves where the source is an rvalue.

#include "hourglass/convert/payload.hpp"

#include "temporal/api/common/v1/message.pb.h"

#include <google/protobuf/map.h>
#include <google/protobuf/repeated_ptr_field.h>

#include <string>

namespace hourglass::convert {

using ProtoPayload = temporal::api::common::v1::Payload;
using ProtoPayloads = temporal::api::common::v1::Payloads;
using RepeatedPayloads = google::protobuf::RepeatedPtrField<ProtoPayload>;
using PayloadMap = std::map<std::string, Payload>;
using ProtoPayloadMap = google::protobuf::Map<std::string, ProtoPayload>;

[[nodiscard]] Payload from_proto(const ProtoPayload& proto);
[[nodiscard]] Payload from_proto(ProtoPayload&& proto);
[[nodiscard]] Payloads from_proto(const RepeatedPayloads& protos);
[[nodiscard]] Payloads from_proto(RepeatedPayloads&& protos);
[[nodiscard]] Payloads from_proto(const ProtoPayloads& proto);
[[nodiscard]] Payloads from_proto(ProtoPayloads&& proto);
/// Headers, memos, search attributes.
[[nodiscard]] PayloadMap from_proto(const ProtoPayloadMap& protos);

// The target is overwritten.
void to_proto(const Payload& payload, ProtoPayload* proto);
void to_proto(Payload&& payload, ProtoPayload* proto);
void to_proto(const Payloads& payloads, RepeatedPayloads* protos);
void to_proto(Payloads&& payloads, RepeatedPayloads* protos);
void to_proto(const Payloads& payloads, ProtoPayloads* proto);
void to_proto(Payloads&& payloads, ProtoPayloads* proto);
void to_proto(const PayloadMap& payloads, ProtoPayloadMap* protos);

}  // namespace hourglass::convert
