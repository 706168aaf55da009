#include "hourglass/codec/aes_gcm_codec.hpp"

#include "hourglass/convert/convert.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hourglass {
namespace {

const std::string kOldKey(32, 'o');
const std::string kNewKey(32, 'n');

TEST(AesGcmCodec, GivesBackWhatItEncrypted) {
    const auto codec = aes_gcm_codec({.key_id = "new", .keys = {{"new", kNewKey}}});
    const Payloads payloads = encode_arguments("a secret", nullptr);
    const Payloads encoded = codec->encode(payloads, {});
    ASSERT_EQ(encoded.size(), 2U);
    EXPECT_EQ(encoding_of(encoded[0]), "binary/encrypted");
    EXPECT_EQ(encoded[0].metadata.at("encryption-key-id"), "new");
    EXPECT_EQ(encoded[0].data.find("a secret"), std::string::npos);
    EXPECT_NE(codec->encode(payloads, {}), encoded) << "each time with another nonce";
    EXPECT_EQ(codec->decode(encoded, {}), payloads);
}

TEST(AesGcmCodec, ReadsWhatAnOlderKeyEncrypted) {
    const auto before = aes_gcm_codec({.key_id = "old", .keys = {{"old", kOldKey}}});
    const auto now = aes_gcm_codec({.key_id = "new", .keys = {{"new", kNewKey}, {"old", kOldKey}}});
    const Payloads payloads = encode_arguments(1);
    EXPECT_EQ(now->decode(before->encode(payloads, {}), {}), payloads);
    try {
        static_cast<void>(before->decode(now->encode(payloads, {}), {}));
        ADD_FAILURE() << "it has not the new key";
    } catch (const PayloadCodecError& error) {
        const std::string text = error.what();
        EXPECT_NE(text.find("the key \"new\""), std::string::npos) << text;
        EXPECT_NE(text.find("AesGcmOptions::keys"), std::string::npos) << text;
        EXPECT_NE(text.find("--aes-key"), std::string::npos) << "the codec server's: " << text;
    }
}

TEST(AesGcmCodec, NoticesChanges) {
    const auto codec = aes_gcm_codec({.key_id = "new", .keys = {{"new", kNewKey}}});
    Payloads encoded = codec->encode(encode_arguments("a secret"), {});
    encoded[0].data.back() = static_cast<char>(encoded[0].data.back() ^ 1);
    EXPECT_THROW(static_cast<void>(codec->decode(encoded, {})), PayloadCodecError);
    encoded[0].data = "short";
    EXPECT_THROW(static_cast<void>(codec->decode(encoded, {})), PayloadCodecError);
}

TEST(AesGcmCodec, LeavesWhatItDidNotMake) {
    const auto codec = aes_gcm_codec({.key_id = "new", .keys = {{"new", kNewKey}}});
    EXPECT_EQ(codec->decode(encode_arguments("text"), {}), encode_arguments("text"));
}

TEST(AesGcmCodec, NeedsItsKeys) {
    EXPECT_THROW(
        static_cast<void>(aes_gcm_codec({.key_id = "new", .keys = {{"old", kOldKey}}})),
        ConfigurationError
    );
    EXPECT_THROW(
        static_cast<void>(aes_gcm_codec({.key_id = "new", .keys = {{"new", "too short"}}})),
        ConfigurationError
    );
}

}  // namespace
}  // namespace hourglass
