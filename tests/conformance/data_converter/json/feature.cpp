#include "tests/conformance/harness/row.hpp"

namespace conformance::data_json {

struct Spec {
    bool spec = false;
    bool operator==(const Spec&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Spec, spec)

class EchoesObject {
public:
    hg::Task<Spec> run(Spec object) { co_return object; }
};

}  // namespace conformance::data_json

HOURGLASS_WORKFLOW(conformance::data_json::EchoesObject, run);

namespace conformance::data_json {

void run(Row& row) {
    const auto handle = row.start<&EchoesObject::run>(Spec{.spec = true});
    EXPECT_EQ(handle.result(), Spec{.spec = true});
    const auto expected = payload_json(
        hg::Payload{.metadata = {{"encoding", "json/plain"}}, .data = R"({"spec":true})"}
    );
    const auto events = Events::of(handle);
    EXPECT_EQ(events.first("WorkflowExecutionStarted")["input"]["payloads"][0], expected);
    EXPECT_EQ(events.first("WorkflowExecutionCompleted")["result"]["payloads"][0], expected);
    row.replay(handle);
}

const Registration kRow{
    {.path = "data_converter/json", .checks = "an object travels as `json/plain`", .run = run}
};

}  // namespace conformance::data_json
