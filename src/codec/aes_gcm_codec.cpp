#include "hourglass/codec/aes_gcm_codec.hpp"

#include "src/codec/proto_bytes.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <memory>
#include <string_view>
#include <utility>

namespace hourglass {
namespace {

// Nonce, ciphertext and tag, one after the other: the layout of the other SDKs' samples.
constexpr std::size_t kKey = 32;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;

constexpr const char* kEncoding = "binary/encrypted";
constexpr const char* kKeyId = "encryption-key-id";

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

void require(bool worked, const char* what) {
    if (!worked) {
        throw PayloadCodecError{std::string{"OpenSSL could not "} + what};
    }
}

std::string encrypt(const std::string& key, const std::string& plain) {
    std::string out(kNonce + plain.size() + kTag, '\0');
    auto* const nonce = reinterpret_cast<unsigned char*>(out.data());
    require(RAND_bytes(nonce, kNonce) == 1, "make a random nonce");
    const Context context{EVP_CIPHER_CTX_new()};
    int length = 0;
    const bool worked =
        context &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), nonce) == 1 &&
        EVP_EncryptUpdate(
            context.get(), nonce + kNonce, &length, bytes_of(plain), static_cast<int>(plain.size())
        ) == 1 &&
        EVP_EncryptFinal_ex(context.get(), nonce + kNonce + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(
            context.get(), EVP_CTRL_GCM_GET_TAG, kTag, nonce + kNonce + plain.size()
        ) == 1;
    require(worked, "encrypt");
    return out;
}

std::string decrypt(const std::string& key, std::string_view sealed) {
    if (sealed.size() < kNonce + kTag) {
        throw PayloadCodecError{"the encrypted data are too short: they were cut off"};
    }
    const std::string_view nonce = sealed.substr(0, kNonce);
    const std::string_view hidden = sealed.substr(kNonce, sealed.size() - kNonce - kTag);
    std::string tag{sealed.substr(sealed.size() - kTag)};
    std::string plain(hidden.size(), '\0');
    auto* const out = reinterpret_cast<unsigned char*>(plain.data());
    const Context context{EVP_CIPHER_CTX_new()};
    int length = 0;
    require(
        context &&
            EVP_DecryptInit_ex(
                context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key), bytes_of(nonce)
            ) == 1 &&
            EVP_DecryptUpdate(
                context.get(), out, &length, bytes_of(hidden), static_cast<int>(hidden.size())
            ) == 1 &&
            EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1,
        "decrypt"
    );
    if (EVP_DecryptFinal_ex(context.get(), out + length, &length) != 1) {
        throw PayloadCodecError{
            "the encrypted data do not belong to the key, or were changed on the way"
        };
    }
    return plain;
}

class AesGcmCodec final : public PayloadCodec {
public:
    explicit AesGcmCodec(AesGcmOptions options) : options_{std::move(options)} {
        for (const auto& [id, key] : options_.keys) {
            if (key.size() != kKey) {
                throw ConfigurationError{
                    "AesGcmOptions::keys: the key \"" + id + "\" has " +
                    std::to_string(key.size()) + " bytes; AES-256 needs 32"
                };
            }
        }
        if (!options_.keys.contains(options_.key_id)) {
            throw ConfigurationError{
                "AesGcmOptions::keys has no key with the id \"" + options_.key_id +
                "\", which AesGcmOptions::key_id names"
            };
        }
    }

    [[nodiscard]] std::string name() const override { return "AES-256-GCM"; }

    [[nodiscard]] Payloads encode(
        Payloads payloads, const PayloadContext& /*context*/
    ) const override {
        const std::string& key = options_.keys.at(options_.key_id);
        for (Payload& payload : payloads) {
            payload = Payload{
                .metadata = {{"encoding", kEncoding}, {kKeyId, options_.key_id}},
                .data = encrypt(key, codec::to_bytes(payload))
            };
        }
        return payloads;
    }

    [[nodiscard]] Payloads decode(
        Payloads payloads, const PayloadContext& /*context*/
    ) const override {
        for (Payload& payload : payloads) {
            if (encoding_of(payload) == kEncoding) {
                auto plain = codec::from_bytes(decrypt(key_of(payload), payload.data));
                if (!plain) {
                    throw PayloadCodecError{"what was encrypted is no payload"};
                }
                payload = std::move(*plain);
            }
        }
        return payloads;
    }

private:
    [[nodiscard]] const std::string& key_of(const Payload& payload) const {
        const auto id = payload.metadata.find(kKeyId);
        const std::string name = id == payload.metadata.end() ? options_.key_id : id->second;
        const auto key = options_.keys.find(name);
        if (key == options_.keys.end()) {
            throw PayloadCodecError{
                "a payload is encrypted with the key \"" + name +
                "\", which is not in AesGcmOptions::keys (of the program hourglass: --aes-key)"
            };
        }
        return key->second;
    }

    const AesGcmOptions options_;
};

}  // namespace

std::shared_ptr<const PayloadCodec> aes_gcm_codec(AesGcmOptions options) {
    return std::make_shared<const AesGcmCodec>(std::move(options));
}

}  // namespace hourglass
