#pragma once

#include "hourglass/codec/payload_codec.hpp"

#include <map>
#include <memory>
#include <string>

namespace hourglass {

/// Encrypts payloads with AES-256-GCM (`binary/encrypted`), as the encryption samples of the other
/// SDKs do. Link hourglass::codecs.
struct AesGcmOptions {
    /// Of the key that encrypts. It stands readable beside what it encrypted.
    std::string key_id{};
    /// By their ids, each 32 bytes: the one above, and the older ones that are still to be read.
    std::map<std::string, std::string> keys{};
};

/// @throws ConfigurationError if `key_id` is not among the keys, or a key is not 32 bytes long.
[[nodiscard]] std::shared_ptr<const PayloadCodec> aes_gcm_codec(AesGcmOptions options);

}  // namespace hourglass
