#include "tests/conformance/harness/row.hpp"

#include <memory>

namespace conformance::data_codec {

struct Spec {
    bool spec = false;
    bool operator==(const Spec&) const = default;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Spec, spec)

class EchoesSpec {
public:
    hg::Task<Spec> run(Spec object) { co_return object; }
};

}  // namespace conformance::data_codec

HOURGLASS_WORKFLOW(conformance::data_codec::EchoesSpec, run, name("EchoesSpecByCodec"));

namespace conformance::data_codec {

/// Turns each bit over, and marks what it did.
class Flipping final : public hg::PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "flipping"; }

    [[nodiscard]] hg::Payloads encode(
        hg::Payloads payloads, const hg::PayloadContext& /*anywhere*/
    ) const override {
        for (hg::Payload& each : payloads) {
            hg::Payload wrapped{
                .metadata = {{"encoding", kEncoding}, {"inner", each.metadata.at("encoding")}},
                .data = flipped(each.data)
            };
            each = std::move(wrapped);
        }
        return payloads;
    }

    [[nodiscard]] hg::Payloads decode(
        hg::Payloads payloads, const hg::PayloadContext& /*anywhere*/
    ) const override {
        for (hg::Payload& each : payloads) {
            if (each.metadata.at("encoding") == kEncoding) {
                hg::Payload plain{
                    .metadata = {{"encoding", each.metadata.at("inner")}},
                    .data = flipped(each.data)
                };
                each = std::move(plain);
            }
        }
        return payloads;
    }

    static std::string flipped(std::string bytes) {
        for (char& each : bytes) {
            each = static_cast<char>(~each);
        }
        return bytes;
    }

    static constexpr const char* kEncoding = "binary/flipped";
};

void run(Row& row) {
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.client.data.codecs = {std::make_shared<Flipping>()};
    options.default_worker.task_queue = unique("coded");
    const hg::StartOptions start{
        .id = unique("row"), .task_queue = options.default_worker.task_queue
    };
    {
        const hg::Application application{options};
        const auto handle = application.client().start<&EchoesSpec::run>(start, Spec{.spec = true});
        EXPECT_EQ(handle.result(), Spec{.spec = true});
    }
    // By a client that knows of no codec.
    const auto handle = row.client().handle<&EchoesSpec::run>(start.id);
    const auto expected = payload_json(hg::Payload{
        .metadata = {{"encoding", Flipping::kEncoding}, {"inner", "json/plain"}},
        .data = Flipping::flipped(R"({"spec":true})")
    });
    const auto events = Events::of(handle);
    EXPECT_EQ(events.first("WorkflowExecutionStarted")["input"]["payloads"][0], expected);
    EXPECT_EQ(events.first("WorkflowExecutionCompleted")["result"]["payloads"][0], expected);
    hg::testing::Replayer replayer{{.data = options.client.data}};
    row.replay_history(handle.history(), replayer);
}

const Registration kRow{
    {.path = "data_converter/codec",
     .checks = "what is recorded is what a codec made of the payloads; client and workflow have "
               "them as they were",
     .run = run}
};

}  // namespace conformance::data_codec
