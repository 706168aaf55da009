#include "hourglass/convert/value_encoding.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/convert.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Cbor final : public ValueEncoding {
public:
    [[nodiscard]] std::string name() const override { return "binary/cbor"; }
    [[nodiscard]] std::optional<std::string> encode(const nlohmann::json& value) const override {
        if (value.is_string()) {
            return std::nullopt;
        }
        std::string data;
        nlohmann::json::to_cbor(value, data);
        return data;
    }
    [[nodiscard]] nlohmann::json decode(const std::string& data) const override {
        return nlohmann::json::from_cbor(data);
    }
};

class Json final : public ValueEncoding {
public:
    [[nodiscard]] std::string name() const override { return "json/plain"; }
    [[nodiscard]] std::optional<std::string> encode(const nlohmann::json&) const override {
        return std::nullopt;
    }
    [[nodiscard]] nlohmann::json decode(const std::string&) const override { return {}; }
};

class ValueEncodings : public ::testing::Test {
protected:
    ValueEncodings() { set_value_encodings({std::make_shared<Cbor>()}); }
    ~ValueEncodings() override { set_value_encodings({}); }
};

TEST_F(ValueEncodings, WriteAndReadWhatWouldBeJson) {
    const std::vector<int> numbers{1, 2, 3};
    const Payload payload = to_payload(numbers);
    EXPECT_EQ(encoding_of(payload), "binary/cbor");
    EXPECT_EQ(payload.data, "\x83\x01\x02\x03");
    EXPECT_EQ(from_payload<std::vector<int>>(payload), numbers);
    const std::map<int, double> prices{{1, 2.5}};
    EXPECT_EQ((from_payload<std::map<int, double>>(to_payload(prices))), prices);
}

TEST_F(ValueEncodings, LeaveToJsonWhatTheyDoNotTake) {
    EXPECT_EQ(encoding_of(to_payload("text")), "json/plain");
    EXPECT_EQ(from_payload<std::string>(to_payload("text")), "text");
}

TEST_F(ValueEncodings, LeaveOtherFormatsAlone) {
    EXPECT_EQ(encoding_of(to_payload(nullptr)), "binary/null");
    EXPECT_EQ(encoding_of(to_payload(std::optional<int>{})), "binary/null");
    EXPECT_EQ(encoding_of(to_payload(Bytes{})), "binary/plain");
    const RawValue raw{{.metadata = {{"encoding", "anything"}}, .data = "raw"}};
    EXPECT_EQ(to_payload(raw), raw.payload);
    EXPECT_EQ(from_payload<RawValue>(raw.payload), raw);
}

TEST_F(ValueEncodings, AreNamedWhenTheDataAreBroken) {
    EXPECT_THAT(
        [] {
            static_cast<void>(from_payload<int>(
                Payload{.metadata = {{"encoding", "binary/cbor"}}, .data = "\xff"}
            ));
        },
        ThrowsMessage<ConversionError>(HasSubstr("binary/cbor"))
    );
}

TEST_F(ValueEncodings, HaveNamesOfTheirOwn) {
    EXPECT_THROW(set_value_encodings({nullptr}), ConfigurationError);
    EXPECT_THROW(set_value_encodings({std::make_shared<Json>()}), ConfigurationError);
    EXPECT_THROW(
        set_value_encodings({std::make_shared<Cbor>(), std::make_shared<Cbor>()}),
        ConfigurationError
    );
    EXPECT_EQ(encoding_of(to_payload(1)), "binary/cbor") << "nothing was changed";
}

}  // namespace
}  // namespace hourglass
