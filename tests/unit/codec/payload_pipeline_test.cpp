#include "src/codec/payload_pipeline.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/convert.hpp"
#include "src/codec/stored_payloads.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::codec {
namespace {

using temporal::api::workflowservice::v1::StartWorkflowExecutionRequest;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// Puts its letter before the data.
class Letter final : public PayloadCodec {
public:
    explicit Letter(char letter) : letter_{letter} {}

    [[nodiscard]] std::string name() const override { return std::string{"letter "} + letter_; }
    [[nodiscard]] Payloads encode(Payloads payloads, const PayloadContext& context) const override {
        for (Payload& payload : payloads) {
            payload.data = letter_ + payload.data;
            payload.metadata[mark()] = context.workflow_id;
        }
        return payloads;
    }
    [[nodiscard]] Payloads decode(Payloads payloads, const PayloadContext& context) const override {
        for (Payload& payload : payloads) {
            if (!payload.data.starts_with(letter_)) {
                throw PayloadCodecError{"it does not begin with the letter"};
            }
            EXPECT_EQ(payload.metadata[mark()], context.workflow_id);
            payload.metadata.erase(mark());
            payload.data.erase(0, 1);
        }
        return payloads;
    }

private:
    [[nodiscard]] std::string mark() const { return std::string{"for "} + letter_; }

    const char letter_;
};

class Forgetful final : public PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "forgetful"; }
    [[nodiscard]] Payloads encode(Payloads, const PayloadContext&) const override { return {}; }
    [[nodiscard]] Payloads decode(Payloads, const PayloadContext&) const override { return {}; }
};

class InMemory final : public StorageDriver {
public:
    explicit InMemory(std::string name) : name_{std::move(name)} {}

    [[nodiscard]] std::string name() const override { return name_; }
    [[nodiscard]] std::vector<StorageClaim> store(
        const Payloads& payloads, const PayloadContext& /*context*/
    ) const override {
        std::vector<StorageClaim> claims;
        stored_at_once.push_back(payloads.size());
        for (const Payload& payload : payloads) {
            claims.push_back(StorageClaim{.data = {{"key", std::to_string(stored_.size())}}});
            stored_.push_back(payload);
        }
        return claims;
    }
    [[nodiscard]] Payloads retrieve(const std::vector<StorageClaim>& claims) const override {
        Payloads payloads;
        retrieved_at_once.push_back(claims.size());
        for (const StorageClaim& claim : claims) {
            payloads.push_back(stored_.at(std::stoul(claim.data.at("key"))));
        }
        return payloads;
    }
    [[nodiscard]] std::size_t size() const { return stored_.size(); }

    mutable std::vector<std::size_t> stored_at_once;
    mutable std::vector<std::size_t> retrieved_at_once;

private:
    const std::string name_;
    mutable Payloads stored_;
};

StartWorkflowExecutionRequest request_with_all() {
    StartWorkflowExecutionRequest request;
    request.set_workflow_id("order-7");
    convert::to_proto(encode_arguments("one", "two"), request.mutable_input());
    convert::to_proto(to_payload("memo"), &(*request.mutable_memo()->mutable_fields())["m"]);
    convert::to_proto(to_payload("trace"), &(*request.mutable_header()->mutable_fields())["h"]);
    convert::to_proto(
        to_payload("indexed"),
        &(*request.mutable_search_attributes()->mutable_indexed_fields())["s"]
    );
    return request;
}

TEST(PayloadPipeline, IsNotThereIfThereIsNothingToDo) {
    EXPECT_EQ(PayloadPipeline::make({}), nullptr);
    EXPECT_NE(PayloadPipeline::make({.encode_failure_attributes = true}), nullptr);
}

TEST(PayloadPipeline, EncodesInOrderAndDecodesInTheOpposite) {
    const PayloadPipeline pipeline{
        {.codecs = {std::make_shared<Letter>('a'), std::make_shared<Letter>('b')}}
    };
    StartWorkflowExecutionRequest request = request_with_all();
    pipeline.encode({{&request, {}}}, Party::Client);
    EXPECT_EQ(request.input().payloads(0).data(), "ba\"one\"");
    EXPECT_EQ(request.input().payloads(1).data(), "ba\"two\"");
    EXPECT_EQ(request.memo().fields().at("m").data(), "ba\"memo\"");
    EXPECT_EQ(request.header().fields().at("h").data(), "\"trace\"");
    EXPECT_EQ(request.search_attributes().indexed_fields().at("s").data(), "\"indexed\"");
    EXPECT_EQ(request.input().payloads(0).metadata().at("for b"), "order-7");
    pipeline.decode({{&request, {}}}, Party::Client);
    EXPECT_EQ(convert::from_proto(request.input()), encode_arguments("one", "two"));
}

TEST(PayloadPipeline, EncodesHeadersForThoseWhoseTheyAre) {
    const auto header_of = [](HeaderCodec headers, Party party) {
        const PayloadPipeline pipeline{
            {.codecs = {std::make_shared<Letter>('a')}, .headers = headers}
        };
        StartWorkflowExecutionRequest request = request_with_all();
        pipeline.encode({{&request, {}}}, party);
        return request.header().fields().at("h").data();
    };
    EXPECT_EQ(header_of(HeaderCodec::On, Party::Client), "a\"trace\"");
    EXPECT_EQ(header_of(HeaderCodec::Off, Party::Workflow), "\"trace\"");
    EXPECT_EQ(header_of(HeaderCodec::WorkflowOnly, Party::Workflow), "a\"trace\"");
    EXPECT_EQ(header_of(HeaderCodec::WorkflowOnly, Party::Client), "\"trace\"");
}

TEST(PayloadPipeline, NamesTheCodecThatFailed) {
    const PayloadPipeline pipeline{{.codecs = {std::make_shared<Letter>('a')}}};
    EXPECT_THAT(
        [&] { static_cast<void>(pipeline.decode({Payload{.data = "x"}}, {})); },
        ThrowsMessage<PayloadCodecError>(
            HasSubstr("letter a could not decode payloads: it does not begin with the letter")
        )
    );
}

TEST(PayloadPipeline, WantsAPayloadForEach) {
    const PayloadPipeline pipeline{{.codecs = {std::make_shared<Forgetful>()}}};
    EXPECT_THAT(
        [&] { static_cast<void>(pipeline.encode({Payload{}}, {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("forgetful returned 0 payloads for 1"))
    );
}

TEST(PayloadPipeline, HidesWhatFailuresSay) {
    const PayloadPipeline pipeline{
        {.codecs = {std::make_shared<Letter>('a')}, .encode_failure_attributes = true}
    };
    temporal::api::failure::v1::Failure failure;
    failure.set_message("the secret");
    failure.set_stack_trace("main.cpp:7");
    failure.mutable_cause()->set_message("its cause");
    pipeline.encode({{&failure, {}}}, Party::Workflow);
    for (const auto* each : {&std::as_const(failure), &failure.cause()}) {
        EXPECT_EQ(each->message(), "Encoded failure");
        EXPECT_EQ(each->stack_trace(), "");
        EXPECT_TRUE(each->encoded_attributes().data().starts_with("a{"));
    }
    pipeline.decode({{&failure, {}}}, Party::Workflow);
    const auto attributes =
        from_payload<nlohmann::json>(convert::from_proto(failure.encoded_attributes()));
    EXPECT_EQ(
        attributes, nlohmann::json({{"message", "the secret"}, {"stack_trace", "main.cpp:7"}})
    );
    // One that was received goes on as it is: encoded once, not twice.
    pipeline.encode({{&failure, {}}}, Party::Workflow);
    pipeline.decode({{&failure, {}}}, Party::Workflow);
    EXPECT_EQ(
        from_payload<nlohmann::json>(convert::from_proto(failure.encoded_attributes())), attributes
    );
}

TEST(ExternalStorage, TakesWhatIsLargeOnceItIsEncoded) {
    const auto driver = std::make_shared<InMemory>("memory");
    const PayloadPipeline pipeline{
        {.codecs = {std::make_shared<Letter>('a')},
         .external_storage = ExternalStorage{.drivers = {driver}, .threshold = 1000}}
    };
    const Payloads payloads = encode_arguments("small", std::string(2000, 'l'));
    const Payloads encoded = pipeline.encode(payloads, {});
    EXPECT_EQ(encoded[0].data, "a\"small\"");
    EXPECT_EQ(encoding_of(encoded[1]), "json/protobuf");
    EXPECT_EQ(
        encoded[1].metadata.at("messageType"), "temporal.api.sdk.v1.ExternalStorageReference"
    );
    EXPECT_EQ(
        nlohmann::json::parse(encoded[1].data),
        nlohmann::json({{"driverName", "memory"}, {"claimData", {{"key", "0"}}}})
    );
    ASSERT_EQ(encoded[1].external_sizes.size(), 1U);
    EXPECT_GT(encoded[1].external_sizes[0], 2000);
    EXPECT_EQ(driver->size(), 1U);
    EXPECT_EQ(pipeline.decode(encoded, {}), payloads);
}

TEST(ExternalStorage, LetsTheProgramPickTheDriver) {
    const auto first = std::make_shared<InMemory>("first");
    const auto second = std::make_shared<InMemory>("second");
    const PayloadPipeline pipeline{
        {.external_storage =
             ExternalStorage{
                 .drivers = {first, second},
                 .select = [&](const Payload& payload,
                               const PayloadContext&) -> std::shared_ptr<const StorageDriver> {
                     if (payload.data == "\"stay\"") {
                         return nullptr;
                     }
                     return payload.data == "\"one\"" ? first : second;
                 },
                 .threshold = 0
             }}
    };
    const Payloads payloads = encode_arguments("one", "stay", "two", "three");
    const Payloads encoded = pipeline.encode(payloads, {});
    EXPECT_EQ(encoded[1], payloads[1]);
    EXPECT_EQ(first->size(), 1U);
    EXPECT_EQ(second->size(), 2U);
    EXPECT_EQ(pipeline.decode(encoded, {}), payloads);
}

TEST(ExternalStorage, AsksADriverForNoMoreAtOnceThanItIsTold) {
    const Payloads payloads = encode_arguments("1", "2", "3", "4", "5");
    for (const std::size_t limit : {std::size_t{2}, std::size_t{0}}) {
        const auto driver = std::make_shared<InMemory>("memory");
        const PayloadPipeline pipeline{
            {.external_storage =
                 ExternalStorage{.drivers = {driver}, .threshold = 0, .payloads_per_call = limit}}
        };
        EXPECT_EQ(pipeline.decode(pipeline.encode(payloads, {}), {}), payloads);
        const std::vector<std::size_t> expected =
            limit == 0 ? std::vector<std::size_t>{5} : std::vector<std::size_t>{2, 2, 1};
        EXPECT_EQ(driver->stored_at_once, expected);
        EXPECT_EQ(driver->retrieved_at_once, expected);
    }
}

TEST(ExternalStorage, ReadsReferencesOfOlderSdks) {
    const auto driver = std::make_shared<InMemory>("memory");
    static_cast<void>(driver->store(encode_arguments("old"), {}));
    const PayloadPipeline pipeline{{.external_storage = ExternalStorage{.drivers = {driver}}}};
    const Payload old{
        .metadata = {{"encoding", "json/external-storage-reference"}},
        .data = R"({"driver_name": "memory", "driver_claim": {"claim_data": {"key": "0"}}})"
    };
    EXPECT_EQ(pipeline.decode({old}, {}), encode_arguments("old"));
}

TEST(ExternalStorage, ReadsReferencesThatAreEncodedThemselves) {
    const auto driver = std::make_shared<InMemory>("memory");
    const auto codec = std::make_shared<Letter>('a');
    const PayloadPipeline pipeline{
        {.codecs = {codec}, .external_storage = ExternalStorage{.drivers = {driver}, .threshold = 0}
        }
    };
    Payloads encoded = codec->encode(pipeline.encode(encode_arguments("large"), {}), {});
    encoded[0].metadata["__temporal_external_storage_reference"] = "true";
    EXPECT_EQ(pipeline.decode(encoded, {}), encode_arguments("large"));
    const PayloadPipeline without_codec{
        {.external_storage = ExternalStorage{.drivers = {driver}, .threshold = 0}}
    };
    encoded[0].metadata["encoding"] = "binary/letter";
    EXPECT_THAT(
        [&] { static_cast<void>(without_codec.decode(encoded, {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("[TMPRL1106]"))
    );
}

/// Keeps nothing, and its keys are bytes.
class BytesAsKeys final : public StorageDriver {
public:
    [[nodiscard]] std::string name() const override { return "bytes"; }
    [[nodiscard]] std::vector<StorageClaim> store(
        const Payloads& payloads, const PayloadContext& /*context*/
    ) const override {
        const StorageClaim claim{.data = {{"key", "\xff"}}};
        return std::vector<StorageClaim>(payloads.size(), claim);
    }
    [[nodiscard]] Payloads retrieve(const std::vector<StorageClaim>& claims) const override {
        return Payloads(claims.size());
    }
};

TEST(ExternalStorage, RefusesReferencesThatCannotBeReadOrWritten) {
    const ExternalStorage storage{.drivers = {std::make_shared<BytesAsKeys>()}, .threshold = 0};
    const PayloadPipeline pipeline{{.external_storage = storage}};
    EXPECT_THAT(
        [&] { static_cast<void>(pipeline.encode(encode_arguments("text"), {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("\"bytes\" made a claim that cannot be written"))
    );
    const Payload broken{
        .metadata =
            {{"encoding", "json/protobuf"},
             {"messageType", "temporal.api.sdk.v1.ExternalStorageReference"}},
        .data = "{\"driverName\": 7,"
    };
    const Payload old{.metadata = {{"encoding", "json/external-storage-reference"}}, .data = "{}"};
    for (const Payload& reference : {broken, old}) {
        EXPECT_THAT(
            [&] { static_cast<void>(pipeline.decode({reference}, {})); },
            ThrowsMessage<PayloadCodecError>(HasSubstr("[TMPRL1106]"))
        );
    }
}

TEST(ExternalStorage, SaysWhatIsMissing) {
    const auto driver = std::make_shared<InMemory>("memory");
    const PayloadPipeline storing{
        {.external_storage = ExternalStorage{.drivers = {driver}, .threshold = 0}}
    };
    const Payloads encoded = storing.encode(encode_arguments("large"), {});
    const PayloadPipeline without{{.codecs = {std::make_shared<Letter>('a')}}};
    EXPECT_THAT(
        [&] { static_cast<void>(without.decode(encoded, {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("[TMPRL1105]"))
    );
    const PayloadPipeline another{
        {.external_storage = ExternalStorage{.drivers = {std::make_shared<InMemory>("another")}}}
    };
    EXPECT_THAT(
        [&] { static_cast<void>(another.decode(encoded, {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("stored with the driver \"memory\""))
    );
}

/// Throws what is no std::exception.
class Throwing final : public StorageDriver {
public:
    [[nodiscard]] std::string name() const override { return "throwing"; }
    [[nodiscard]] std::vector<StorageClaim> store(
        const Payloads& /*payloads*/, const PayloadContext& /*context*/
    ) const override {
        throw 7;
    }
    [[nodiscard]] Payloads retrieve(const std::vector<StorageClaim>& /*claims*/) const override {
        throw 7;
    }
};

TEST(ExternalStorage, NamesTheDriverWhateverItThrows) {
    const auto driver = std::make_shared<Throwing>();
    const PayloadPipeline pipeline{
        {.external_storage = ExternalStorage{.drivers = {driver}, .threshold = 0}}
    };
    EXPECT_THAT(
        [&] { static_cast<void>(pipeline.encode(encode_arguments("large"), {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("\"throwing\" could not store a payload"))
    );
    const Payload reference{
        .metadata = {{"encoding", "json/external-storage-reference"}},
        .data = R"({"driver_name":"throwing","driver_claim":{"claim_data":{}}})"
    };
    EXPECT_THAT(
        [&] { static_cast<void>(pipeline.decode({reference}, {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("\"throwing\" could not retrieve a payload"))
    );
    const PayloadPipeline picking{
        {.external_storage =
             ExternalStorage{
                 .drivers = {driver},
                 .select = [](const Payload&, const PayloadContext&)
                     -> std::shared_ptr<const StorageDriver> { throw 7; },
                 .threshold = 0
             }}
    };
    EXPECT_THAT(
        [&] { static_cast<void>(picking.encode(encode_arguments("large"), {})); },
        ThrowsMessage<PayloadCodecError>(HasSubstr("ExternalStorage::select"))
    );
}

TEST(ExternalStorage, ChecksItsOptions) {
    const auto make = [](ExternalStorage storage) {
        static_cast<void>(PayloadPipeline{{.external_storage = std::move(storage)}});
    };
    const auto one = std::make_shared<InMemory>("same");
    const auto other = std::make_shared<InMemory>("same");
    EXPECT_THROW(make({}), ConfigurationError);
    EXPECT_THROW(make({.drivers = {nullptr}}), ConfigurationError);
    EXPECT_THROW(make({.drivers = {one, std::make_shared<InMemory>("2")}}), ConfigurationError);
    EXPECT_THROW(
        make({.drivers = {one, other}, .select = [&](const auto&, const auto&) { return one; }}),
        ConfigurationError
    );
}

}  // namespace
}  // namespace hourglass::codec
