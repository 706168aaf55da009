#pragma once

#include "hourglass/codec/payload_codec.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace hourglass::test {

/// Makes payloads unreadable, and binds each to whose it is: with another context it is not
/// decoded.
class BoundCodec final : public PayloadCodec {
public:
    static constexpr const char* kEncoding = "binary/bound";

    [[nodiscard]] std::string name() const override { return "bound"; }

    [[nodiscard]] Payloads encode(Payloads payloads, const PayloadContext& context) const override {
        for (Payload& payload : payloads) {
            payload.metadata["inner"] = encoding_of(payload);
            payload.metadata["encoding"] = kEncoding;
            payload.metadata["bound-to"] = text_of(context);
            std::ranges::reverse(payload.data);
        }
        return payloads;
    }

    [[nodiscard]] Payloads decode(Payloads payloads, const PayloadContext& context) const override {
        for (Payload& payload : payloads) {
            if (encoding_of(payload) != kEncoding) {
                continue;
            }
            const std::string bound_to = payload.metadata.at("bound-to");
            if (bound_to != text_of(context)) {
                throw PayloadCodecError{
                    "the payload is bound to " + bound_to + ", not to " + text_of(context)
                };
            }
            payload.metadata["encoding"] = payload.metadata["inner"];
            payload.metadata.erase("inner");
            payload.metadata.erase("bound-to");
            std::ranges::reverse(payload.data);
        }
        return payloads;
    }

private:
    static std::string text_of(const PayloadContext& context) {
        return context.workflow_namespace + "/" + context.workflow_id + "/" +
               context.activity_type + "/" + context.activity_id;
    }
};

}  // namespace hourglass::test
