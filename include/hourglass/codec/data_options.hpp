#pragma once

#include "hourglass/codec/external_storage.hpp"
#include "hourglass/codec/payload_codec.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hourglass {

/// Whether codecs and the external storage see the payloads in headers, which carry what
/// interceptors pass on, such as the ids of traces.
enum class HeaderCodec : std::uint8_t {
    Off,           ///< no: what stands between reads them
    WorkflowOnly,  ///< those that workflows send and get, not those of client calls
    On,
};

/// How payloads travel between this program and the server. Clients and workers of one namespace
/// must agree on it; ClientOptions has it for both.
struct DataOptions {
    /// Encode in this order, and decode in the opposite one.
    std::vector<std::shared_ptr<const PayloadCodec>> codecs{};
    /// Takes what the codecs made, if it is large.
    std::optional<ExternalStorage> external_storage{};
    HeaderCodec headers = HeaderCodec::Off;
    /// Hides messages and stack traces of failures in a payload, for the codecs to encode: the
    /// server sees "Encoded failure".
    bool encode_failure_attributes = false;
};

}  // namespace hourglass
