#include "hourglass/convert/protobuf.hpp"

#include "temporal/api/common/v1/message.pb.h"

#include <gmock/gmock.h>
#include <google/protobuf/duration.pb.h>
#include <gtest/gtest.h>

#include <string>

namespace hourglass {
namespace {

using temporal::api::common::v1::WorkflowExecution;
using testing::HasSubstr;

static_assert(Encodable<WorkflowExecution> && Decodable<std::optional<WorkflowExecution>>);
static_assert(Encodable<BinaryProto<WorkflowExecution>> && Decodable<BinaryProto<WorkflowExecution>>);

WorkflowExecution execution() {
    WorkflowExecution message;
    message.set_workflow_id("w");
    message.set_run_id("r");
    return message;
}

// As temporalio 1.35 (Python) makes them, apart from the order of the keys.
Payload python_json() {
    return {
        .metadata =
            {{"encoding", "json/protobuf"},
             {"messageType", "temporal.api.common.v1.WorkflowExecution"}},
        .data = R"({"runId":"r","workflowId":"w"})"
    };
}

Payload python_binary() {
    return {
        .metadata =
            {{"encoding", "binary/protobuf"},
             {"messageType", "temporal.api.common.v1.WorkflowExecution"}},
        .data = "\n\x01w\x12\x01r"
    };
}

TEST(ProtobufMessages, AreWrittenAsJson) {
    const Payload payload = to_payload(execution());
    EXPECT_EQ(payload.metadata, python_json().metadata);
    EXPECT_EQ(nlohmann::json::parse(payload.data), nlohmann::json::parse(python_json().data));
}

TEST(ProtobufMessages, AreWrittenAsBytesIfWrapped) {
    EXPECT_EQ(to_payload(BinaryProto<WorkflowExecution>{execution()}), python_binary());
}

TEST(ProtobufMessages, AreReadFromEitherFormat) {
    for (const Payload& payload : {python_json(), python_binary()}) {
        EXPECT_EQ(from_payload<WorkflowExecution>(payload).workflow_id(), "w");
        EXPECT_EQ(from_payload<BinaryProto<WorkflowExecution>>(payload).message.run_id(), "r");
        EXPECT_EQ(from_payload<std::optional<WorkflowExecution>>(payload)->run_id(), "r");
    }
    EXPECT_EQ(from_payload<std::optional<WorkflowExecution>>(null_payload()), std::nullopt);
}

std::string error_of(const Payload& payload) {
    try {
        (void)from_payload<WorkflowExecution>(payload);
    } catch (const ConversionError& error) {
        return error.what();
    }
    return "no error";
}

TEST(ProtobufMessages, OfAnotherTypeOrBrokenAreErrors) {
    Payload other = python_json();
    other.metadata["messageType"] = "a.B";
    EXPECT_THAT(
        error_of(other),
        HasSubstr("expected the message temporal.api.common.v1.WorkflowExecution, got a.B")
    );
    Payload broken = python_json();
    broken.data = R"({"workflowId":5})";
    EXPECT_THAT(
        error_of(broken), HasSubstr("cannot decode a payload (json/protobuf) as temporal::api")
    );
    broken.data = R"({"unknown":1})";
    EXPECT_THAT(error_of(broken), HasSubstr("unknown"));
    Payload bytes = python_binary();
    bytes.data = "\xff\xff";
    EXPECT_THAT(error_of(bytes), HasSubstr("the bytes are no such message"));
    EXPECT_THAT(
        error_of(to_payload(1)),
        HasSubstr("expected json/protobuf or binary/protobuf, got json/plain")
    );
    EXPECT_THAT(error_of(Payload{}), HasSubstr("without the metadata \"encoding\""));
}

TEST(ProtobufMessages, ThatCannotBeWrittenAreErrors) {
    google::protobuf::Duration duration;
    duration.set_seconds(1'000'000'000'000);
    EXPECT_THROW((void)to_payload(duration), ConversionError);
}

}  // namespace
}  // namespace hourglass
