#include "hourglass/codec/zlib_codec.hpp"

#include "hourglass/convert/convert.hpp"

#include <gtest/gtest.h>

#include <string>

namespace hourglass {
namespace {

TEST(ZlibCodec, GivesBackWhatItCompressed) {
    const auto codec = zlib_codec();
    const Payloads payloads = encode_arguments(std::string(10'000, 'a'), 7);
    const Payloads encoded = codec->encode(payloads, {});
    ASSERT_EQ(encoded.size(), 2U);
    EXPECT_EQ(encoding_of(encoded[0]), "binary/zlib");
    EXPECT_LT(encoded[0].data.size(), 1'000U);
    EXPECT_EQ(encoded[1], payloads[1]) << "it would not get smaller";
    EXPECT_EQ(codec->decode(encoded, {}), payloads);
}

TEST(ZlibCodec, LeavesWhatItDidNotMake) {
    const Payloads payloads = encode_arguments("text");
    EXPECT_EQ(zlib_codec()->decode(payloads, {}), payloads);
}

TEST(ZlibCodec, RefusesBrokenData) {
    const auto codec = zlib_codec();
    Payloads encoded = codec->encode(encode_arguments(std::string(10'000, 'a')), {});
    encoded[0].data.resize(encoded[0].data.size() / 2);
    EXPECT_THROW(static_cast<void>(codec->decode(encoded, {})), PayloadCodecError);
    encoded[0].data = "no zlib";
    EXPECT_THROW(static_cast<void>(codec->decode(encoded, {})), PayloadCodecError);
}

TEST(ZlibCodec, RefusesWhatWouldFillTheMemory) {
    const Payloads encoded = zlib_codec()->encode(encode_arguments(std::string(100'000, 'a')), {});
    EXPECT_THROW(static_cast<void>(zlib_codec(50'000)->decode(encoded, {})), PayloadCodecError);
    EXPECT_EQ(zlib_codec(200'000)->decode(encoded, {}).size(), 1U);
    EXPECT_THROW(static_cast<void>(zlib_codec(100)->decode(encoded, {})), PayloadCodecError)
        << "less than what is made room for otherwise";
}

TEST(ZlibCodec, RefusesManyThatWouldFillTheMemoryTogether) {
    const auto codec = zlib_codec(50'000);
    const Payloads one = codec->encode(encode_arguments(std::string(40'000, 'a')), {});
    EXPECT_EQ(codec->decode(Payloads(19, one[0]), {}).size(), 19U);
    EXPECT_THROW(static_cast<void>(codec->decode(Payloads(20, one[0]), {})), PayloadCodecError);
}

}  // namespace
}  // namespace hourglass
