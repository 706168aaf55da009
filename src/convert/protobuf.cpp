#include "hourglass/convert/protobuf.hpp"

#include "hourglass/convert/json.hpp"
#include "src/convert/utf8.hpp"

#include <google/protobuf/util/json_util.h>

namespace hourglass::detail {
namespace {

Payload payload_of(
    const google::protobuf::Message& message, const char* encoding, std::string data
) {
    return {
        .metadata = {{"encoding", encoding}, {"messageType", message.GetTypeName()}},
        .data = std::move(data)
    };
}

std::string shown(const Payload& payload) {
    const std::string encoding = encoding_of(payload);
    return encoding.empty() ? "a payload without the metadata \"encoding\"" : encoding;
}

}  // namespace

Payload protobuf_to_json_payload(const google::protobuf::Message& message) {
    std::string text;
    const auto status = google::protobuf::util::MessageToJsonString(message, &text);
    if (!status.ok()) {
        throw JsonMismatch{"the message has no JSON: " + status.ToString()};
    }
    if (!convert::is_utf8(text)) {
        throw JsonMismatch{"a string field of the message is not valid UTF-8"};
    }
    return payload_of(message, "json/protobuf", std::move(text));
}

Payload protobuf_to_binary_payload(const google::protobuf::Message& message) {
    std::string data;
    if (!message.IsInitialized() || !message.SerializeToString(&data)) {
        throw JsonMismatch{"fields are missing: " + message.InitializationErrorString()};
    }
    return payload_of(message, "binary/protobuf", std::move(data));
}

void protobuf_from_payload(const Payload& payload, google::protobuf::Message& message) {
    const std::string encoding = encoding_of(payload);
    const bool binary = encoding == "binary/protobuf";
    if (!binary && encoding != "json/protobuf") {
        throw JsonMismatch{"expected json/protobuf or binary/protobuf, got " + shown(payload)};
    }
    const auto type = payload.metadata.find("messageType");
    if (type != payload.metadata.end() && type->second != message.GetTypeName()) {
        throw JsonMismatch{
            "expected the message " + message.GetTypeName() + ", got " + type->second
        };
    }
    if (binary) {
        if (!message.ParseFromString(payload.data)) {
            throw JsonMismatch{"the bytes are no such message, or fields are missing"};
        }
        return;
    }
    const auto status = google::protobuf::util::JsonStringToMessage(payload.data, &message);
    if (!status.ok()) {
        throw JsonMismatch{status.ToString()};
    }
}

}  // namespace hourglass::detail
