#include "src/convert/proto_payload.hpp"

#include <utility>

namespace hourglass::convert {
namespace {

void copy_sizes(const ProtoPayload& proto, Payload& payload) {
    for (const auto& external : proto.external_payloads()) {
        payload.external_sizes.push_back(external.size_bytes());
    }
}

void copy_sizes(const Payload& payload, ProtoPayload* proto) {
    for (const std::int64_t size : payload.external_sizes) {
        proto->add_external_payloads()->set_size_bytes(size);
    }
}

}  // namespace

Payload from_proto(const ProtoPayload& proto) {
    Payload payload{.data = proto.data()};
    for (const auto& [key, value] : proto.metadata()) {
        payload.metadata.emplace(key, value);
    }
    copy_sizes(proto, payload);
    return payload;
}

Payload from_proto(ProtoPayload&& proto) {
    Payload payload{.data = std::move(*proto.mutable_data())};
    for (auto& [key, value] : *proto.mutable_metadata()) {
        payload.metadata.emplace(key, std::move(value));
    }
    copy_sizes(proto, payload);
    return payload;
}

Payloads from_proto(const RepeatedPayloads& protos) {
    Payloads payloads;
    payloads.reserve(static_cast<std::size_t>(protos.size()));
    for (const ProtoPayload& proto : protos) {
        payloads.push_back(from_proto(proto));
    }
    return payloads;
}

Payloads from_proto(RepeatedPayloads&& protos) {
    Payloads payloads;
    payloads.reserve(static_cast<std::size_t>(protos.size()));
    for (ProtoPayload& proto : protos) {
        payloads.push_back(from_proto(std::move(proto)));
    }
    return payloads;
}

Payloads from_proto(const ProtoPayloads& proto) {
    return from_proto(proto.payloads());
}
Payloads from_proto(ProtoPayloads&& proto) {
    return from_proto(std::move(*proto.mutable_payloads()));
}

PayloadMap from_proto(const ProtoPayloadMap& protos) {
    PayloadMap payloads;
    for (const auto& [key, proto] : protos) {
        payloads.emplace(key, from_proto(proto));
    }
    return payloads;
}

void to_proto(const Payload& payload, ProtoPayload* proto) {
    to_proto(Payload{payload}, proto);
}

void to_proto(Payload&& payload, ProtoPayload* proto) {
    proto->Clear();
    for (auto& [key, value] : payload.metadata) {
        (*proto->mutable_metadata())[key] = std::move(value);
    }
    proto->set_data(std::move(payload.data));
    copy_sizes(payload, proto);
}

void to_proto(const Payloads& payloads, RepeatedPayloads* protos) {
    protos->Clear();
    for (const Payload& payload : payloads) {
        to_proto(payload, protos->Add());
    }
}

void to_proto(Payloads&& payloads, RepeatedPayloads* protos) {
    protos->Clear();
    for (Payload& payload : payloads) {
        to_proto(std::move(payload), protos->Add());
    }
}

void to_proto(const Payloads& payloads, ProtoPayloads* proto) {
    to_proto(payloads, proto->mutable_payloads());
}
void to_proto(Payloads&& payloads, ProtoPayloads* proto) {
    to_proto(std::move(payloads), proto->mutable_payloads());
}

void to_proto(const PayloadMap& payloads, ProtoPayloadMap* protos) {
    protos->clear();
    for (const auto& [key, payload] : payloads) {
        to_proto(payload, &(*protos)[key]);
    }
}

}  // namespace hourglass::convert
