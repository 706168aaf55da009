// Payloads of any bytes that codecs and the external storage get to decode, and the bodies that a
// codec server gets: each is decoded or a PayloadCodecError, and what is encoded is decoded to the
// same.
//
// Input: a byte that chooses what reads it, then the data.
#include "hourglass/codec/aes_gcm_codec.hpp"
#include "hourglass/codec/codec_endpoint.hpp"
#include "hourglass/codec/zlib_codec.hpp"
#include "hourglass/convert/conversion_error.hpp"
#include "src/codec/payload_pipeline.hpp"
#include "src/codec/proto_bytes.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::fuzz {
namespace {

constexpr std::size_t kMaxDecoded = 1024 * 1024;

/// Answers each claim with a payload of what the claim says.
class Answering final : public StorageDriver {
public:
    [[nodiscard]] std::string name() const override { return "answering"; }
    [[nodiscard]] std::vector<StorageClaim> store(
        const Payloads& payloads, const PayloadContext& /*context*/
    ) const override {
        const StorageClaim claim{.data = {{"encoding", "json/plain"}}};
        return std::vector<StorageClaim>(payloads.size(), claim);
    }
    [[nodiscard]] Payloads retrieve(const std::vector<StorageClaim>& claims) const override {
        Payloads payloads;
        for (const StorageClaim& claim : claims) {
            payloads.push_back({.metadata = claim.data});
        }
        return payloads;
    }
};

std::shared_ptr<const PayloadCodec> encryption() {
    return aes_gcm_codec({.key_id = "k", .keys = {{"k", std::string(32, 'k')}}});
}

DataOptions all() {
    return {
        .codecs = {zlib_codec(kMaxDecoded), encryption()},
        .external_storage = ExternalStorage{.drivers = {std::make_shared<Answering>()}}
    };
}

template <class Decoder>
std::optional<Payloads> decoded(const Decoder& decoder, Payloads payloads) {
    try {
        return decoder.decode(std::move(payloads), {});
    } catch (const PayloadCodecError&) {
        return std::nullopt;
    }
}

void inflate(std::string data) {
    const auto codec = zlib_codec(kMaxDecoded);
    const Payload payload{.metadata = {{"encoding", "binary/zlib"}}, .data = std::move(data)};
    if (const auto plain = decoded(*codec, {payload})) {
        require(plain->size() == 1, "a payload becomes one payload");
    }
}

void decrypt(std::string data) {
    const Payload payload{
        .metadata = {{"encoding", "binary/encrypted"}, {"encryption-key-id", "k"}},
        .data = std::move(data)
    };
    if (const auto plain = decoded(*encryption(), {payload})) {
        require(plain->size() == 1, "a payload becomes one payload");
    }
}

/// The data are a payload, which is sealed, and sealed and broken.
void seal(std::string data) {
    const auto payload = codec::from_bytes(data);
    if (!payload) {
        return;
    }
    const auto codec = encryption();
    Payloads sealed = codec->encode({*payload}, {});
    require(decoded(*codec, sealed) == Payloads{*payload}, "what is encrypted is decrypted");
    const std::size_t place = data.empty() ? 0 : static_cast<unsigned char>(data.back());
    sealed[0].data[place % sealed[0].data.size()] ^= 1;
    require(!decoded(*codec, sealed), "what was changed on the way is not decrypted");
}

/// The data are a payload, which need not be one that a codec made.
void decode_any(std::string data) {
    const auto payload = codec::from_bytes(data);
    if (!payload) {
        return;
    }
    if (const auto plain = decoded(codec::PayloadPipeline{all()}, {*payload})) {
        require(plain->size() == 1, "a payload becomes one payload");
    }
}

void retrieve(Payload reference) {
    if (const auto stored = decoded(codec::PayloadPipeline{all()}, {std::move(reference)})) {
        require(stored->size() == 1, "a reference stands for one payload");
    }
}

void retrieve_new(std::string data) {
    retrieve(
        {.metadata =
             {{"encoding", "json/protobuf"},
              {"messageType", "temporal.api.sdk.v1.ExternalStorageReference"}},
         .data = std::move(data)}
    );
}

void retrieve_old(std::string data) {
    retrieve(
        {.metadata = {{"encoding", "json/external-storage-reference"}}, .data = std::move(data)}
    );
}

void ask_server(std::string body) {
    const CodecEndpoint endpoint{all()};
    std::string answer;
    try {
        answer = endpoint.decode(body, "default");
    } catch (const ConversionError&) {
        return;
    } catch (const PayloadCodecError&) {
        return;
    }
    // Whatever it answers is a body, and is encoded so that it can be decoded.
    require(!endpoint.encode(answer, "default").empty(), "what was decoded can be encoded", answer);
}

constexpr std::array kReaders{
    &inflate, &decrypt, &seal, &decode_any, &retrieve_new, &retrieve_old, &ask_server
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > 0) {
        kReaders.at(data[0] % kReaders.size())({reinterpret_cast<const char*>(data) + 1, size - 1});
    }
    return 0;
}

}  // namespace hourglass::fuzz
