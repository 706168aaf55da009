#pragma once

#include "hourglass/base/error.hpp"
#include "hourglass/codec/payload_context.hpp"
#include "hourglass/convert/payload.hpp"

#include <string>

namespace hourglass {

/// Changes payloads on their way to the server and back: compresses or encrypts them, for example.
///
/// Both functions return a payload for each one given, in their order. They run on threads of their
/// own, never on one that evaluates a workflow: they may compute for long, and wait for a key
/// service. What they throw fails the call of the client, the workflow task or the attempt of the
/// activity, and all of these but the first are tried again.
/// @threads any, several calls at once.
class PayloadCodec {
public:
    PayloadCodec() = default;
    PayloadCodec(const PayloadCodec&) = delete;
    PayloadCodec& operator=(const PayloadCodec&) = delete;
    virtual ~PayloadCodec() = default;

    /// For texts of errors, such as "AES-256-GCM".
    [[nodiscard]] virtual std::string name() const = 0;

    [[nodiscard]] virtual Payloads encode(Payloads payloads, const PayloadContext& context)
        const = 0;

    /// Returns payloads that this codec did not make as they came: older histories have some, and
    /// the server makes some itself.
    [[nodiscard]] virtual Payloads decode(Payloads payloads, const PayloadContext& context)
        const = 0;
};

/// Payloads could not be encoded or decoded on their way, by a codec or by the external storage.
class PayloadCodecError : public Error {
public:
    using Error::Error;
};

}  // namespace hourglass
