#include "peer_client.hpp"
#include <hourglass/convert/protobuf.hpp>

#include "temporal/api/common/v1/message.pb.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace interop::peer {
namespace {

/// Tells each workflow that it starts whose it is.
class WritesTenant final : public hg::ClientInterceptor {
public:
    explicit WritesTenant(std::string tenant) : tenant_{std::move(tenant)} {}

    hg::Future<hg::WorkflowRef> start_workflow(
        hg::StartWorkflowCall call,
        hg::Next<hg::StartWorkflowCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        call.headers["tenant"] = hg::to_payload(tenant_);
        return next(std::move(call));
    }

private:
    std::string tenant_;
};

using temporal::api::common::v1::RetryPolicy;

/// What a workflow of the peer, an activity here and the workflow again make of a value.
template <class T>
hg::Payload echoed(const hg::Client& client, const std::string& workflow, const T& value) {
    return client.execute<hg::RawValue>(workflow, options("echo"), value).payload;
}

void check_json(const hg::Client& client) {
    std::string text;
    for (int repeat = 0; repeat < 100; ++repeat) {
        text += "grüße 🐌 ";
    }
    const json values{
        true,
        0,
        -(std::int64_t{1} << 53),
        1.5,
        1e300,
        "",
        std::string{"a\0\"\n", 4},
        text,
        json::parse("[1, [2], []]"),
        json::parse(R"({"a": {"b": null}})")
    };
    for (const json& value : values) {
        const hg::Payload payload = echoed(client, "EchoJson", value);
        expect_equal("echo of JSON", hg::from_payload<json>(payload), value);
        expect_equal("its encoding", hg::encoding_of(payload), "json/plain");
    }
    using Limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t value : {Limits::min(), Limits::max()}) {
        const hg::Payload payload = echoed(client, "EchoInteger", value);
        expect_equal("echo of an integer", hg::from_payload<std::int64_t>(payload), value);
    }
}

void check_bytes(const hg::Client& client) {
    for (const hg::Bytes& value : {hg::Bytes{}, hg::Bytes{std::byte{0}, std::byte{255}}}) {
        const hg::Payload payload = echoed(client, "EchoBytes", value);
        expect_equal("echo of bytes", hg::from_payload<hg::Bytes>(payload) == value, true);
        expect_equal("their encoding", hg::encoding_of(payload), "binary/plain");
    }
    // Without a payload as well: a workflow in Go that returns nil has no result.
    using Optional = std::optional<Parcel>;
    const auto nothing = client.execute<Optional>("EchoOptional", options("echo"), Optional{});
    expect_equal("echo of nothing", nothing.has_value(), false);
    const Parcel some{"p", 0.1, {}, "fragile"};
    const hg::Payload parcel = echoed(client, "EchoOptional", Optional{some});
    expect_equal("echo of an optional", hg::from_payload<json>(parcel), json(some));
}

void check_protobuf(const hg::Client& client) {
    RetryPolicy sent;
    sent.mutable_initial_interval()->set_seconds(1);
    sent.mutable_initial_interval()->set_nanos(500'000'000);
    sent.set_backoff_coefficient(2.5);
    sent.set_maximum_attempts(-7);
    sent.add_non_retryable_error_types("ü");
    sent.add_non_retryable_error_types("");
    const auto check = [&sent](const hg::Payload& payload, const std::string& encoding) {
        const auto got = hg::from_payload<RetryPolicy>(payload);
        expect_equal("echo of a message", got.DebugString(), sent.DebugString());
        expect_equal("its encoding", hg::encoding_of(payload), encoding);
        expect_equal(
            "its type", payload.metadata.at("messageType"), "temporal.api.common.v1.RetryPolicy"
        );
    };
    check(echoed(client, "EchoProto", sent), "json/protobuf");
    check(echoed(client, "EchoBinaryProto", hg::BinaryProto<RetryPolicy>{sent}), "binary/protobuf");
}

}  // namespace

void check_values(const hg::Client& client) {
    check_json(client);
    check_bytes(client);
    check_protobuf(client);
}

void check_context(const hg::Client& client) {
    auto with_memo = options("context");
    with_memo.memo = {{"source", hg::to_payload("cpp")}};
    expect_equal(
        "a memo", client.execute<json>("Context", with_memo), json{{"tenant", ""}, {"memo", "cpp"}}
    );
    auto with_interceptor = client_options();
    with_interceptor.interceptors = {std::make_shared<WritesTenant>("blue")};
    const auto intercepted = hg::Client::connect(with_interceptor);
    expect_equal(
        "a header",
        intercepted.execute<json>("Context", options("header")),
        json{{"tenant", "blue"}, {"memo", ""}}
    );
}

}  // namespace interop::peer
