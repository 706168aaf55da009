#include "tests/conformance/harness/row.hpp"

#include <cstddef>

namespace conformance::data_binary {

class EchoesBytes {
public:
    hg::Task<hg::Bytes> run(hg::Bytes bytes) { co_return bytes; }
};

}  // namespace conformance::data_binary

HOURGLASS_WORKFLOW(conformance::data_binary::EchoesBytes, run);

namespace conformance::data_binary {

void run(Row& row) {
    const hg::Bytes bytes{std::byte{0xde}, std::byte{0xad}, std::byte{0xbe}, std::byte{0xef}};
    const auto handle = row.start<&EchoesBytes::run>(bytes);
    EXPECT_EQ(handle.result(), bytes);
    const auto events = Events::of(handle);
    const auto expected = nlohmann::json::parse(
        R"({"metadata": {"encoding": "YmluYXJ5L3BsYWlu"}, "data": "3q2+7w=="})"
    );
    EXPECT_EQ(events.first("WorkflowExecutionStarted")["input"]["payloads"][0], expected);
    EXPECT_EQ(events.first("WorkflowExecutionCompleted")["result"]["payloads"][0], expected);
    row.replay(handle);
}

const Registration kRow{
    {.path = "data_converter/binary",
     .checks = "bytes travel as `binary/plain`, as they are",
     .run = run}
};

}  // namespace conformance::data_binary
