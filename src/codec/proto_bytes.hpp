#pragma once

#include "hourglass/convert/payload.hpp"
#include "src/convert/proto_payload.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hourglass::codec {

/// A whole payload as bytes, for codecs that hide the metadata too.
[[nodiscard]] inline std::string to_bytes(const Payload& payload) {
    convert::ProtoPayload proto;
    convert::to_proto(payload, &proto);
    return proto.SerializeAsString();
}

[[nodiscard]] inline std::optional<Payload> from_bytes(std::string_view bytes) {
    convert::ProtoPayload proto;
    if (!proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return std::nullopt;
    }
    return convert::from_proto(std::move(proto));
}

}  // namespace hourglass::codec
