#pragma once

#include "hourglass/codec/external_storage.hpp"

namespace hourglass::codec {

/// Whether the payload stands for one that is stored outside.
[[nodiscard]] bool is_reference(const Payload& payload);

/// @throws ConfigurationError naming what is missing.
void check(const ExternalStorage& storage);

/// Stores the payloads that are large and puts references in their places.
/// @throws PayloadCodecError.
void store(const ExternalStorage& storage, Payloads& payloads, const PayloadContext& context);

/// Puts the stored payloads back in the places of their references.
/// @throws PayloadCodecError.
void retrieve(const ExternalStorage& storage, Payloads& payloads);

// A reference may itself be encoded; then it has a mark.

[[nodiscard]] bool is_encoded_reference(const Payload& payload);
/// The payload to decode for the reference.
[[nodiscard]] Payload without_mark(Payload payload);

}  // namespace hourglass::codec
