#include "tests/conformance/harness/row.hpp"
#include <hourglass/convert/protobuf.hpp>

#include <temporal/api/common/v1/message.pb.h>

namespace conformance::data_binary_protobuf {

using Blob = hg::BinaryProto<temporal::api::common::v1::DataBlob>;

class EchoesBinaryMessage {
public:
    hg::Task<Blob> run(Blob blob) { co_return blob; }
};

}  // namespace conformance::data_binary_protobuf

HOURGLASS_WORKFLOW(conformance::data_binary_protobuf::EchoesBinaryMessage, run);

namespace conformance::data_binary_protobuf {

void run(Row& row) {
    Blob blob;
    blob.message.set_data("hello");
    const auto handle = row.start<&EchoesBinaryMessage::run>(blob);
    EXPECT_EQ(handle.result().message.data(), "hello");
    const auto expected = payload_json(hg::Payload{
        .metadata =
            {{"encoding", "binary/protobuf"}, {"messageType", "temporal.api.common.v1.DataBlob"}},
        .data = blob.message.SerializeAsString()
    });
    const auto events = Events::of(handle);
    EXPECT_EQ(events.first("WorkflowExecutionStarted")["input"]["payloads"][0], expected);
    EXPECT_EQ(events.first("WorkflowExecutionCompleted")["result"]["payloads"][0], expected);
    row.replay(handle);
}

const Registration kRow{
    {.path = "data_converter/binary_protobuf",
     .checks = "a protobuf message travels as `binary/protobuf` with its `messageType`",
     .run = run,
     .note = "by `BinaryProto<M>`, not by a list of converters"}
};

}  // namespace conformance::data_binary_protobuf
