#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/failures.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace shop {

struct Line {
    std::string sku;
    std::int8_t count = 0;
    double price = 0;

    bool operator==(const Line&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Line, sku, count, price)

struct Order {
    std::string id{};
    int cents = 0;
    std::optional<std::string> note{};
    std::vector<Line> lines{};

    bool operator==(const Order&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, id, cents, note, lines)

// By ADL, without a default constructor.
class Money {
public:
    explicit Money(int cents) : cents_{cents} {}
    [[nodiscard]] int cents() const { return cents_; }

private:
    int cents_;
};

struct Secret {};
void to_json(nlohmann::json&, const Secret&) {
    throw std::logic_error{"secrets do not travel"};
}
void from_json(const nlohmann::json&, Secret&) {
    throw hourglass::ApplicationError{"never again", {.type = "Forbidden", .non_retryable = true}};
}

struct Opaque {};

struct Celsius {
    double degrees = 0;
};

}  // namespace shop

template <>
struct nlohmann::adl_serializer<shop::Money> {
    static void to_json(json& to, const shop::Money& money) { to = money.cents(); }
    static shop::Money from_json(const json& from) { return shop::Money{from.get<int>()}; }
};

template <>
struct hourglass::PayloadFormat<shop::Celsius> {
    static Payload encode(const shop::Celsius& value) {
        return {.metadata = {{"encoding", "text/celsius"}}, .data = std::to_string(value.degrees)};
    }
    static shop::Celsius decode(const Payload& payload) { return {std::stod(payload.data)}; }
};

namespace hourglass {
namespace {

using testing::HasSubstr;

static_assert(Encodable<shop::Order> && Decodable<shop::Order>);
static_assert(Encodable<const char*> && Encodable<char[4]> && Encodable<std::string_view>);
static_assert(Encodable<std::span<const std::byte>>);
static_assert(Encodable<std::optional<shop::Celsius>> && Decodable<std::variant<std::monostate, shop::Celsius>>);
static_assert(!Encodable<shop::Opaque> && !Decodable<shop::Opaque>);
static_assert(!Encodable<std::vector<shop::Opaque>> && !Encodable<std::optional<shop::Opaque>>);
static_assert(!Decodable<std::string_view> && !Decodable<const char*> && !Decodable<std::span<const std::byte>>);
static_assert(!Encodable<int*>);
static_assert(Decodable<void>);

Payload json_of(std::string text) {
    return {.metadata = {{"encoding", "json/plain"}}, .data = std::move(text)};
}

// Payloads as temporalio 1.35 (Python) makes them.
TEST(Payloads, AreWhatThePythonSdkMakes) {
    EXPECT_EQ(to_payload(nullptr), (Payload{.metadata = {{"encoding", "binary/null"}}}));
    EXPECT_EQ(
        to_payload(Bytes{std::byte{0}, std::byte{0xff}}),
        (Payload{.metadata = {{"encoding", "binary/plain"}}, .data = std::string("\x00\xff", 2)})
    );
    EXPECT_EQ(to_payload(std::numeric_limits<std::int64_t>::max()), json_of("9223372036854775807"));
    EXPECT_EQ(
        to_payload(std::numeric_limits<std::uint64_t>::max()), json_of("18446744073709551615")
    );
    EXPECT_EQ(to_payload(0.1), json_of("0.1"));
    EXPECT_EQ(to_payload(5.0), json_of("5.0"));
    EXPECT_EQ(to_payload(true), json_of("true"));
    EXPECT_EQ(to_payload(nlohmann::json{1, "a", nullptr}), json_of(R"([1,"a",null])"));
    EXPECT_EQ(to_payload(std::tuple{1, 2}), json_of("[1,2]"));
    EXPECT_EQ((to_payload(std::map<int, std::string>{{1, "a"}})), json_of(R"({"1":"a"})"));
}

TEST(Payloads, OfThePythonSdkAreRead) {
    EXPECT_EQ(
        from_payload<std::string>(json_of(R"("gr\u00fc\u00dfe \u20ac \ud83d\ude00 \"q\" \n")")),
        "gr\xC3\xBC\xC3\x9F"
        "e \xE2\x82\xAC \xF0\x9F\x98\x80 \"q\" \n"
    );
    const auto order =
        from_payload<shop::Order>(json_of(R"({"cents":1999,"id":"7","lines":[],"note":null})"));
    EXPECT_EQ(order.id, "7");
    EXPECT_EQ(order.cents, 1999);
    EXPECT_EQ(
        (from_payload<std::map<int, std::string>>(json_of(R"({"1":"a","-2":"b"})"))),
        (std::map<int, std::string>{{1, "a"}, {-2, "b"}})
    );
}

TEST(Payloads, OfEveryKindOfNothingAreBinaryNull) {
    EXPECT_EQ(to_payload(std::nullopt), null_payload());
    EXPECT_EQ(to_payload(std::monostate{}), null_payload());
    EXPECT_EQ(to_payload(std::optional<shop::Order>{}), null_payload());
    EXPECT_EQ(to_payload(nlohmann::json(nullptr)), null_payload());
    EXPECT_EQ(encoding_of(null_payload()), "binary/null");
}

TEST(Payloads, OfNothingAreReadByWhatMayBeNothing) {
    EXPECT_EQ(from_payload<std::optional<int>>(null_payload()), std::nullopt);
    EXPECT_EQ(from_payload<std::optional<int>>(json_of("null")), std::nullopt);
    EXPECT_EQ(from_payload<std::nullptr_t>(null_payload()), nullptr);
    EXPECT_EQ(from_payload<std::monostate>(json_of("null")), std::monostate{});
    EXPECT_TRUE(from_payload<nlohmann::json>(null_payload()).is_null());
    from_payload<void>(json_of("17"));
    EXPECT_THROW((void)from_payload<int>(null_payload()), ConversionError);
    EXPECT_THROW((void)from_payload<std::nullptr_t>(json_of("1")), ConversionError);
}

TEST(Payloads, PassThroughAsRawValue) {
    const Payload strange{
        .metadata = {{"encoding", "x/y"}, {"k", "v"}}, .data = "\x01", .external_sizes = {7}
    };
    EXPECT_EQ(to_payload(RawValue{strange}), strange);
    EXPECT_EQ(from_payload<RawValue>(strange).payload, strange);
    EXPECT_EQ(to_payload(strange), strange);
    EXPECT_EQ(from_payload<Payload>(strange), strange);
}

TEST(Payloads, CarryBytesAsTheyAre) {
    const Bytes bytes{std::byte{1}, std::byte{0}, std::byte{0xfe}};
    EXPECT_EQ(from_payload<Bytes>(to_payload(bytes)), bytes);
    EXPECT_EQ(from_payload<Bytes>(to_payload(std::span<const std::byte>{bytes})), bytes);
    EXPECT_EQ(from_payload<Bytes>(to_payload(Bytes{})), Bytes{});
    EXPECT_EQ(from_payload<std::optional<Bytes>>(to_payload(std::optional{bytes})), bytes);
}

TEST(Payloads, CarryTheUsersTypes) {
    const shop::Order order{.id = "7", .cents = 1999, .note = "gift", .lines = {{"a", 2, 1.5}}};
    const Payload payload = to_payload(order);
    EXPECT_EQ(
        payload,
        json_of(
            R"({"cents":1999,"id":"7","lines":[{"count":2,"price":1.5,"sku":"a"}],"note":"gift"})"
        )
    );
    const auto back = from_payload<shop::Order>(payload);
    EXPECT_EQ(back.note, "gift");
    EXPECT_EQ(back.lines.at(0).price, 1.5);
    EXPECT_EQ(from_payload<shop::Money>(to_payload(shop::Money{5})).cents(), 5);
}

TEST(Payloads, CarryTypesWithAFormatOfTheirOwn) {
    const Payload payload = to_payload(shop::Celsius{21.5});
    EXPECT_EQ(encoding_of(payload), "text/celsius");
    EXPECT_EQ(from_payload<shop::Celsius>(payload).degrees, 21.5);
    EXPECT_EQ(
        from_payload<std::optional<shop::Celsius>>(to_payload(std::optional{shop::Celsius{1}}))
            ->degrees,
        1
    );
}

TEST(Payloads, OfVariantsAreThoseOfTheValueHeld) {
    using Value =
        std::variant<std::monostate, std::int64_t, double, std::string, Bytes, shop::Order>;
    for (const Value& value :
         {Value{},
          Value{std::int64_t{3}},
          Value{2.5},
          Value{"text"},
          Value{Bytes{std::byte{9}}},
          Value{shop::Order{.id = "7"}}}) {
        EXPECT_EQ(from_payload<Value>(to_payload(value)), value);
    }
}

std::string decode_error(auto decode) {
    try {
        decode();
    } catch (const ConversionError& error) {
        return error.what();
    }
    return "no error";
}

TEST(Decoding, SaysWhatIsWrongAndWhere) {
    const auto text = decode_error([] {
        (void)from_payload<std::vector<shop::Order>>(json_of(
            R"([{"id":"1","cents":1,"note":null,"lines":[{"sku":"a","count":300,"price":1}]}])"
        ));
    });
    EXPECT_EQ(
        text,
        "cannot decode a payload (json/plain) as std::vector<shop::Order>: at [0].lines[0].count: "
        "300 does not fit the "
        "type of this field, which made 44 of it"
    );
    EXPECT_EQ(
        decode_error([] { (void)from_payload<std::string>(null_payload()); }),
        "cannot decode a payload (binary/null) as std::string: expected a string, got null"
    );
    EXPECT_EQ(
        decode_error([] { (void)from_payload<shop::Order>(json_of(R"({"id":"1"})")); }),
        "cannot decode a payload (json/plain) as shop::Order: key 'cents' not found"
    );
}

TEST(Decoding, NamesTheEncodingThatItCannotRead) {
    EXPECT_THAT(
        decode_error([] {
            (void)from_payload<int>({.metadata = {{"encoding", "binary/encrypted"}}});
        }),
        HasSubstr("payload codec")
    );
    EXPECT_THAT(
        decode_error([] { (void)from_payload<int>({}); }),
        HasSubstr("without the metadata \"encoding\"")
    );
    EXPECT_THAT(
        decode_error([] { (void)from_payload<std::string>(to_payload(Bytes{std::byte{1}})); }),
        HasSubstr("read it as hourglass::Bytes")
    );
    EXPECT_THAT(
        decode_error([] {
            (void)from_payload<int>(
                {.metadata = {{"encoding", "json/protobuf"}, {"messageType", "a.B"}}, .data = "{}"}
            );
        }),
        HasSubstr("the protobuf message a.B")
    );
    EXPECT_THAT(
        decode_error([] { (void)from_payload<Bytes>(json_of("1")); }),
        HasSubstr("expected bytes, got JSON")
    );
    EXPECT_THAT(
        decode_error([] {
            (void)from_payload<int>({.metadata = {{"encoding", "binary/null"}}, .data = "x"});
        }),
        HasSubstr("1 bytes of data")
    );
}

TEST(Decoding, OfTextThatIsNoJsonIsAnError) {
    for (const std::string text :
         {"", "{", "nul", "NaN", "1 2", "[1,]", "\"\xff\"", "1e999", "'a'"}) {
        EXPECT_THROW((void)from_payload<nlohmann::json>(json_of(text)), ConversionError) << text;
    }
    EXPECT_THROW(
        (void)from_payload<nlohmann::json>(json_of(std::string(1'000'000, '['))), ConversionError
    );
    EXPECT_NO_THROW((void
    )from_payload<nlohmann::json>(json_of(std::string(999, '[') + std::string(999, ']'))));
    EXPECT_NO_THROW((void
    )from_payload<std::string>(json_of("\"" + std::string(2000, '[') + "\\\"[\"")));
}

TEST(Encoding, OfWhatHasNoJsonIsAnError) {
    const auto encode_error = [](const auto& value) {
        return decode_error([&] { (void)to_payload(value); });
    };
    EXPECT_THAT(
        encode_error(std::nan("")),
        HasSubstr("cannot encode a value of type double: NaN and infinity")
    );
    EXPECT_THAT(
        encode_error(shop::Order{.lines = {{}, {"a", 1, std::numeric_limits<double>::infinity()}}}),
        HasSubstr("at .lines[1].price")
    );
    EXPECT_THAT(encode_error(std::string{"caf\xe9"}), HasSubstr("the text is not valid UTF-8"));
    EXPECT_THAT(
        encode_error(shop::Order{.lines = {{"\xff", 1, 1}}}),
        HasSubstr("at .lines[0].sku: the text is not")
    );
    EXPECT_THAT(
        encode_error(std::map<std::string, int>{{"\xff", 1}}), HasSubstr("not valid UTF-8")
    );
    EXPECT_THAT(encode_error(shop::Secret{}), HasSubstr("secrets do not travel"));
    nlohmann::json deep;
    for (int i = 0; i < 2000; ++i) {
        deep = nlohmann::json::array({std::move(deep)});
    }
    EXPECT_THAT(encode_error(deep), HasSubstr("nested deeper than 1000"));
}

TEST(Decoding, LetsTemporalFailuresOfUsersReadersPass) {
    EXPECT_THROW((void)from_payload<shop::Secret>(json_of("{}")), ApplicationError);
    EXPECT_THROW((void)from_payload<std::vector<shop::Secret>>(json_of("[{}]")), ApplicationError);
}

}  // namespace
}  // namespace hourglass
