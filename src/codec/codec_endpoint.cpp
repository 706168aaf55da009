#include "hourglass/codec/codec_endpoint.hpp"

#include "hourglass/convert/conversion_error.hpp"
#include "src/codec/payload_pipeline.hpp"
#include "src/convert/proto_payload.hpp"

#include <google/protobuf/util/json_util.h>

#include <utility>

namespace hourglass {
namespace {

using google::protobuf::util::JsonStringToMessage;
using google::protobuf::util::MessageToJsonString;

Payloads read(const std::string& body) {
    convert::ProtoPayloads payloads;
    const auto status = JsonStringToMessage(body, &payloads);
    if (!status.ok()) {
        throw ConversionError{
            {.reason = "the body is no {\"payloads\": […]}: " + std::string{status.message()},
             .type = "temporal.api.common.v1.Payloads"}
        };
    }
    return convert::from_proto(std::move(payloads));
}

std::string write(Payloads payloads) {
    convert::ProtoPayloads proto;
    convert::to_proto(std::move(payloads), &proto);
    std::string body;
    if (!MessageToJsonString(proto, &body).ok()) {
        throw ConversionError{
            {.direction = ConversionFault::Direction::Encode,
             .reason = "a payload has no JSON",
             .type = "temporal.api.common.v1.Payloads"}
        };
    }
    return body;
}

}  // namespace

struct CodecEndpoint::Impl {
    codec::PayloadPipeline payloads;
};

CodecEndpoint::CodecEndpoint(const DataOptions& data)
    : impl_{std::make_unique<const Impl>(Impl{codec::PayloadPipeline{data}})} {}
CodecEndpoint::~CodecEndpoint() = default;

std::string CodecEndpoint::encode(const std::string& body, const std::string& workflow_namespace)
    const {
    return write(impl_->payloads.encode(read(body), {.workflow_namespace = workflow_namespace}));
}

std::string CodecEndpoint::decode(const std::string& body, const std::string& workflow_namespace)
    const {
    return write(impl_->payloads.decode(read(body), {.workflow_namespace = workflow_namespace}));
}

}  // namespace hourglass
