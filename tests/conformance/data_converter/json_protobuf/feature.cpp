#include "tests/conformance/harness/row.hpp"
#include <hourglass/convert/protobuf.hpp>

#include <temporal/api/common/v1/message.pb.h>

namespace conformance::data_json_protobuf {

using temporal::api::common::v1::DataBlob;

class EchoesMessage {
public:
    hg::Task<DataBlob> run(DataBlob blob) { co_return blob; }
};

}  // namespace conformance::data_json_protobuf

HOURGLASS_WORKFLOW(conformance::data_json_protobuf::EchoesMessage, run);

namespace conformance::data_json_protobuf {

void run(Row& row) {
    DataBlob blob;
    blob.set_data("hello");
    const auto handle = row.start<&EchoesMessage::run>(blob);
    EXPECT_EQ(handle.result().data(), "hello");
    const auto expected = payload_json(hg::Payload{
        .metadata =
            {{"encoding", "json/protobuf"}, {"messageType", "temporal.api.common.v1.DataBlob"}},
        .data = R"({"data":"aGVsbG8="})"
    });
    const auto events = Events::of(handle);
    EXPECT_EQ(events.first("WorkflowExecutionStarted")["input"]["payloads"][0], expected);
    EXPECT_EQ(events.first("WorkflowExecutionCompleted")["result"]["payloads"][0], expected);
    row.replay(handle);
}

const Registration kRow{
    {.path = "data_converter/json_protobuf",
     .checks = "a protobuf message travels as `json/protobuf` with its `messageType`",
     .run = run}
};

}  // namespace conformance::data_json_protobuf
