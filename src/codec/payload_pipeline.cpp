#include "src/codec/payload_pipeline.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/codec/stored_payloads.hpp"
#include "src/convert/proto_payload.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::codec {
namespace {

using CodecPtr = std::shared_ptr<const PayloadCodec>;

[[noreturn]] void rethrow_as_codec_error(const PayloadCodec& codec, const char* what) {
    try {
        throw;
    } catch (const std::exception& error) {
        throw PayloadCodecError{
            "the payload codec " + codec.name() + " could not " + what +
            " payloads: " + error.what()
        };
    } catch (...) {
        throw PayloadCodecError{
            "the payload codec " + codec.name() + " could not " + what +
            " payloads, and threw something that is no std::exception"
        };
    }
}

template <class Apply>
Payloads apply(const PayloadCodec& codec, const char* what, Payloads payloads, Apply call) {
    const std::size_t wanted = payloads.size();
    try {
        payloads = call(std::move(payloads));
    } catch (...) {
        rethrow_as_codec_error(codec, what);
    }
    if (payloads.size() != wanted) {
        throw PayloadCodecError{
            "the payload codec " + codec.name() + " returned " + std::to_string(payloads.size()) +
            " payloads for " + std::to_string(wanted) + "; it must return one for each"
        };
    }
    return payloads;
}

Payloads decode_with(
    const std::vector<CodecPtr>& codecs, Payloads payloads, const PayloadContext& context
) {
    for (auto codec = codecs.rbegin(); codec != codecs.rend(); ++codec) {
        payloads = apply(**codec, "decode", std::move(payloads), [&](Payloads given) {
            return (*codec)->decode(std::move(given), context);
        });
    }
    return payloads;
}

template <class Change>
void change(const FoundPayloads& found, Change change) {
    for (const auto& [context, places] : found.groups()) {
        Payloads payloads;
        payloads.reserve(places.size());
        for (auto* const place : places) {
            payloads.push_back(convert::from_proto(std::move(*place)));
        }
        payloads = change(std::move(payloads), context);
        for (std::size_t i = 0; i < places.size(); ++i) {
            convert::to_proto(std::move(payloads[i]), places[i]);
        }
    }
}

}  // namespace

PayloadPipeline::PayloadPipeline(DataOptions options) : options_{std::move(options)} {
    for (const CodecPtr& codec : options_.codecs) {
        if (!codec) {
            throw ConfigurationError{"DataOptions::codecs has a null in it"};
        }
    }
    if (options_.external_storage) {
        check(*options_.external_storage);
    }
}

std::shared_ptr<const PayloadPipeline> PayloadPipeline::make(const DataOptions& options) {
    if (options.codecs.empty() && !options.external_storage && !options.encode_failure_attributes) {
        return nullptr;
    }
    return std::make_shared<const PayloadPipeline>(options);
}

bool PayloadPipeline::with_headers(Party party) const {
    return options_.headers == HeaderCodec::On ||
           (options_.headers == HeaderCodec::WorkflowOnly && party != Party::Client);
}

void PayloadPipeline::encode(const std::vector<Part>& parts, Party party) const {
    FoundPayloads found;
    for (const auto& [message, context] : parts) {
        found.find(
            *message,
            context,
            with_headers(party),
            options_.encode_failure_attributes ? &hide_failure : nullptr
        );
    }
    change(found, [this](Payloads payloads, const PayloadContext& context) {
        return encode(std::move(payloads), context);
    });
    found.pack();
}

void PayloadPipeline::decode(const std::vector<Part>& parts, Party party) const {
    FoundPayloads found;
    for (const auto& [message, context] : parts) {
        found.find(*message, context, with_headers(party));
    }
    change(found, [this](Payloads payloads, const PayloadContext& context) {
        return decode(std::move(payloads), context);
    });
    found.pack();
}

Payloads PayloadPipeline::encode(Payloads payloads, const PayloadContext& context) const {
    for (const CodecPtr& codec : options_.codecs) {
        payloads = apply(*codec, "encode", std::move(payloads), [&](Payloads given) {
            return codec->encode(std::move(given), context);
        });
    }
    if (options_.external_storage) {
        store(*options_.external_storage, payloads, context);
    }
    return payloads;
}

Payloads PayloadPipeline::decode(Payloads payloads, const PayloadContext& context) const {
    for (Payload& payload : payloads) {
        if (is_encoded_reference(payload)) {
            const auto sizes = payload.external_sizes;
            Payloads decoded =
                decode_with(options_.codecs, {without_mark(std::move(payload))}, context);
            if (!is_reference(decoded.front())) {
                throw PayloadCodecError{
                    "[TMPRL1106] a reference to a payload in the external storage is encoded, and "
                    "what decodes it is not in DataOptions::codecs; add the codec that wrote it"
                };
            }
            payload = std::move(decoded.front());
            payload.external_sizes = sizes;
        }
        if (is_reference(payload) && !options_.external_storage) {
            throw PayloadCodecError{
                "[TMPRL1105] a payload is in an external storage, and "
                "DataOptions::external_storage is not set; set it, with the driver that stored "
                "the payload"
            };
        }
    }
    if (options_.external_storage) {
        retrieve(*options_.external_storage, payloads);
    }
    return decode_with(options_.codecs, std::move(payloads), context);
}

void hide_failure(temporal::api::failure::v1::Failure& failure) {
    if (failure.has_encoded_attributes()) {
        return;
    }
    const nlohmann::json attributes{
        {"message", failure.message()}, {"stack_trace", failure.stack_trace()}
    };
    convert::to_proto(detail::json_payload(attributes), failure.mutable_encoded_attributes());
    failure.set_message("Encoded failure");
    failure.clear_stack_trace();
}

}  // namespace hourglass::codec
