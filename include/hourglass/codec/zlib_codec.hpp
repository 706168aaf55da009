#pragma once

#include "hourglass/codec/payload_codec.hpp"

#include <cstddef>
#include <memory>

namespace hourglass {

/// Compresses payloads with zlib (`binary/zlib`), as the compression samples of the other SDKs do.
/// What would not get smaller stays as it is. Link hourglass::codecs.
/// @param max_size  in bytes, of a decoded payload; 16 times it for all of a call together.
[[nodiscard]] std::shared_ptr<const PayloadCodec> zlib_codec(
    std::size_t max_size = 64 * 1024 * 1024
);

}  // namespace hourglass
