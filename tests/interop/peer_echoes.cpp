// Workflows of the C++ worker that give a value to an activity of the worker with another SDK, and
// activities that give back what they get: each kind of value passes every border twice.
#include "cpp_side.hpp"
#include <hourglass/convert/protobuf.hpp>

#include "temporal/api/common/v1/message.pb.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace interop::peer {

using namespace std::chrono_literals;
namespace wf = hg::workflow;
using temporal::api::common::v1::RetryPolicy;
using BinaryPolicy = hg::BinaryProto<RetryPolicy>;

nlohmann::json echo_json(nlohmann::json value) {
    return value;
}
std::int64_t echo_integer(std::int64_t value) {
    return value;
}
hg::Bytes echo_bytes(hg::Bytes value) {
    return value;
}
std::optional<Parcel> echo_optional(std::optional<Parcel> value) {
    return value;
}
RetryPolicy echo_proto(RetryPolicy value) {
    return value;
}
BinaryPolicy echo_binary_proto(BinaryPolicy value) {
    return value;
}

template <class T, T (*Activity)(T)>
class Echo {
public:
    hg::Task<T> run(T value) {
        const wf::ActivityOptions options{
            .start_to_close_timeout = 30s, .task_queue = peer_queue()
        };
        T echoed = co_await wf::execute_activity<Activity>(options, value);
        co_return echoed;
    }
};

using EchoJson = Echo<nlohmann::json, &echo_json>;
using EchoInteger = Echo<std::int64_t, &echo_integer>;
using EchoBytes = Echo<hg::Bytes, &echo_bytes>;
using EchoOptional = Echo<std::optional<Parcel>, &echo_optional>;
using EchoProto = Echo<RetryPolicy, &echo_proto>;
using EchoBinaryProto = Echo<BinaryPolicy, &echo_binary_proto>;

/// Says what it was told beside its arguments.
class Context {
public:
    hg::Task<nlohmann::json> run() {
        const auto& headers = wf::info().headers;
        const auto tenant = headers.find("tenant");
        nlohmann::json told{
            {"tenant", tenant == headers.end() ? "" : hg::from_payload<std::string>(tenant->second)
            },
            {"memo", wf::memo<std::string>("source").value_or("")}
        };
        co_return told;
    }
};

}  // namespace interop::peer

HOURGLASS_WORKFLOW(interop::peer::EchoJson, run, name("EchoJson"));
HOURGLASS_WORKFLOW(interop::peer::EchoInteger, run, name("EchoInteger"));
HOURGLASS_WORKFLOW(interop::peer::EchoBytes, run, name("EchoBytes"));
HOURGLASS_WORKFLOW(interop::peer::EchoOptional, run, name("EchoOptional"));
HOURGLASS_WORKFLOW(interop::peer::EchoProto, run, name("EchoProto"));
HOURGLASS_WORKFLOW(interop::peer::EchoBinaryProto, run, name("EchoBinaryProto"));
HOURGLASS_WORKFLOW(interop::peer::Context, run);
HOURGLASS_ACTIVITY(interop::peer::echo_json);
HOURGLASS_ACTIVITY(interop::peer::echo_integer);
HOURGLASS_ACTIVITY(interop::peer::echo_bytes);
HOURGLASS_ACTIVITY(interop::peer::echo_optional);
HOURGLASS_ACTIVITY(interop::peer::echo_proto);
HOURGLASS_ACTIVITY(interop::peer::echo_binary_proto);
