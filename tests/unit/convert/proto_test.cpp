#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"

#include <google/protobuf/arena.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

namespace hourglass::convert {
namespace {

using namespace std::chrono_literals;

const Payload kPayload{
    .metadata = {{"encoding", "json/plain"}, {"key", std::string("\0\xff", 2)}},
    .data = "[1]",
    .external_sizes = {5, 6}
};

TEST(ProtoPayloads, GoThereAndBack) {
    ProtoPayload proto;
    proto.set_data("left over");
    (*proto.mutable_metadata())["left"] = "over";
    to_proto(kPayload, &proto);
    EXPECT_EQ(from_proto(proto), kPayload);
    EXPECT_EQ(from_proto(ProtoPayload{proto}), kPayload);

    const Payloads payloads{kPayload, null_payload()};
    ProtoPayloads protos;
    to_proto(payloads, &protos);
    to_proto(payloads, &protos);
    EXPECT_EQ(protos.payloads_size(), 2);
    EXPECT_EQ(from_proto(protos), payloads);
    EXPECT_EQ(from_proto(protos.payloads()), payloads);
    to_proto(Payloads{payloads}, protos.mutable_payloads());
    EXPECT_EQ(from_proto(std::move(protos)), payloads);
}

TEST(ProtoPayloads, MoveTheirDataOnAnArenaToo) {
    google::protobuf::Arena arena;
    auto* const proto = google::protobuf::Arena::CreateMessage<ProtoPayload>(&arena);
    const std::string large(10'000, 'x');
    to_proto(Payload{.metadata = {{"encoding", "binary/plain"}}, .data = large}, proto);
    const char* const data = proto->data().data();
    const Payload payload = from_proto(std::move(*proto));
    EXPECT_EQ(payload.data, large);
    EXPECT_EQ(payload.data.data(), data);  // moved, not copied
}

TEST(ProtoPayloads, InMapsGoThereAndBack) {
    const PayloadMap map{{"a", kPayload}, {"b", null_payload()}};
    ProtoPayloadMap proto;
    to_proto(map, &proto);
    EXPECT_EQ(from_proto(proto), map);
    to_proto(PayloadMap{}, &proto);
    EXPECT_TRUE(proto.empty());
}

TEST(ProtoTimes, GoThereAndBack) {
    for (const auto duration :
         {0ns, 1ns, -1ns, 1'500'000'000ns, -1'500'000'000ns, std::chrono::nanoseconds::max()}) {
        google::protobuf::Duration proto;
        to_proto(duration, &proto);
        EXPECT_EQ(from_proto(proto), duration);
        EXPECT_GE(static_cast<double>(proto.seconds()) * proto.nanos(), 0);  // both of one sign
        google::protobuf::Timestamp timestamp;
        const std::chrono::system_clock::time_point time{duration};
        to_proto(time, &timestamp);
        EXPECT_EQ(from_proto(timestamp), time);
        EXPECT_GE(timestamp.nanos(), 0);
    }
}

TEST(ProtoTimes, ThatAreTooLongAreCapped) {
    google::protobuf::Duration proto;
    proto.set_seconds(315'576'000'000);  // 10000 years, protobuf's limit
    EXPECT_EQ(from_proto(proto), std::chrono::nanoseconds::max());
    proto.set_seconds(-315'576'000'000);
    EXPECT_EQ(from_proto(proto), std::chrono::nanoseconds::min());
}

TEST(ProtoTimes, OfCoarseUnitsMayBeLongerThanNanosecondsCanCount) {
    google::protobuf::Duration proto;
    to_proto(24h * 365'000, &proto);
    EXPECT_EQ(proto.seconds(), 31'536'000'000);
    EXPECT_EQ(proto.nanos(), 0);
    to_proto(std::chrono::milliseconds{31'536'000'000'001}, &proto);
    EXPECT_EQ(proto.seconds(), 31'536'000'000);
    EXPECT_EQ(proto.nanos(), 1'000'000);
    to_proto(std::chrono::milliseconds::max(), &proto);
    EXPECT_EQ(proto.seconds(), 315'576'000'000) << "protobuf's limit";
    EXPECT_EQ(proto.nanos(), 0);
    to_proto(-1500ms, &proto);
    EXPECT_EQ(proto.seconds(), -1);
    EXPECT_EQ(proto.nanos(), -500'000'000);
}

TEST(ProtoTimes, ThatAreUnsetStayUnset) {
    google::protobuf::Duration proto;
    EXPECT_EQ(if_set(false, proto), std::nullopt);
    EXPECT_EQ(if_set(true, proto), 0ns);
}

}  // namespace
}  // namespace hourglass::convert
