#pragma once

#include "hourglass/codec/payload_codec.hpp"
#include "hourglass/convert/payload.hpp"
#include "src/convert/proto_payload.hpp"

#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace hourglass::codec {

/// A whole payload as bytes, for codecs that hide the metadata too.
/// @throws PayloadCodecError if it is larger than protobuf can write, 2 GiB.
[[nodiscard]] inline std::string to_bytes(const Payload& payload) {
    convert::ProtoPayload proto;
    convert::to_proto(payload, &proto);
    std::string bytes;
    if (!proto.SerializeToString(&bytes)) {
        throw PayloadCodecError{"the payload has more than 2 GiB, which no message can have"};
    }
    return bytes;
}

[[nodiscard]] inline std::optional<Payload> from_bytes(std::string_view bytes) {
    convert::ProtoPayload proto;
    if (bytes.size() > std::numeric_limits<int>::max() ||
        !proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        return std::nullopt;
    }
    return convert::from_proto(std::move(proto));
}

}  // namespace hourglass::codec
