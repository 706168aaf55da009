// Payloads with protobuf messages of any bytes, and failures of them: each is a message or a
// ConversionError, one that is written and read again is the same, and a failure goes on as it
// came.
//
// Input: a byte that chooses the message, one that chooses the encoding, then the data.
#include "hourglass/convert/failures.hpp"
#include "hourglass/convert/protobuf.hpp"
#include "src/convert/failure_converter.hpp"
#include "tests/fuzz/fuzz.hpp"

#include "temporal/api/common/v1/message.pb.h"
#include "temporal/api/failure/v1/message.pb.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/message_differencer.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace hourglass::fuzz {
namespace {

namespace common = temporal::api::common::v1;
using convert::ProtoFailure;

template <class M>
bool same(const M& one, const M& other) {
    google::protobuf::util::DefaultFieldComparator nan_is_nan;
    nan_is_nan.set_treat_nan_as_equal(true);
    google::protobuf::util::MessageDifferencer differencer;
    differencer.set_field_comparator(&nan_is_nan);
    return differencer.Compare(one, other);
}

template <class T>
std::optional<T> read(const Payload& payload) {
    try {
        return from_payload<T>(payload);
    } catch (const ConversionError&) {
        return std::nullopt;
    }
}

/// What JSON makes of it. Some messages have none, such as durations whose parts contradict.
template <class M>
std::optional<M> through_json(const M& message) {
    try {
        return from_payload<M>(to_payload(message));
    } catch (const ConversionError&) {
        return std::nullopt;
    }
}

template <class M>
void read_message(const Payload& payload) {
    const auto message = read<M>(payload);
    if (!message) {
        return;
    }
    const auto again = read<BinaryProto<M>>(to_payload(BinaryProto<M>{*message}));
    require(again && same(again->message, *message), "a message is the same in binary");

    // The first time may lose what JSON does not know: unknown fields, the sign of zero.
    if (const auto once = through_json(*message)) {
        const auto twice = through_json(*once);
        require(twice && same(*twice, *once), "a message is the same in JSON", once->DebugString());
    }
}

/// What the code sees of one is enough to make it anew.
void make_again(const ApplicationError& error) {
    if (error.message().empty()) {
        return;  // it began with a NUL, and would be given a text
    }
    const ApplicationError made{
        error.message(),
        {.type = error.type(),
         .non_retryable = error.non_retryable(),
         .details = error.details(),
         .next_retry_delay = error.next_retry_delay(),
         .category = error.category()}
    };
    ProtoFailure written;
    convert::to_failure(made, &written);
    const auto cause = convert::to_cause(written);
    const auto again = std::dynamic_pointer_cast<const ApplicationError>(cause);
    require(
        again && again->message() == error.message() && again->type() == error.type() &&
            again->non_retryable() == error.non_retryable() &&
            again->details() == error.details() &&
            again->next_retry_delay() == error.next_retry_delay() &&
            again->category() == error.category(),
        "an error that is written and read is the same",
        written.DebugString()
    );
}

void read_failure(const Payload& payload) {
    read_message<ProtoFailure>(payload);
    const auto failure = read<ProtoFailure>(payload);
    if (!failure) {
        return;
    }
    const auto error = as_failure(convert::from_failure(*failure));
    ProtoFailure sent_on;
    convert::to_failure(*error, &sent_on);
    require(same(sent_on, *failure), "a failure goes on as it came", sent_on.DebugString());
    require(!to_text(*error).empty(), "it has a text");
    for (auto layer = error; layer; layer = layer->cause()) {
        if (const auto application = std::dynamic_pointer_cast<const ApplicationError>(layer)) {
            make_again(*application);
        }
    }
}

constexpr std::array kReaders{
    &read_message<common::RetryPolicy>,
    &read_failure,
    &read_message<common::Payloads>,
    &read_message<google::protobuf::Duration>,
    &read_message<google::protobuf::Timestamp>,
    &read_message<google::protobuf::Struct>,
};

constexpr std::array<const char*, 4> kEncodings{
    "json/protobuf", "binary/protobuf", "json/plain", "else"
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    Payload payload;
    payload.metadata["encoding"] = kEncodings.at(data[1] % kEncodings.size());
    payload.data.assign(reinterpret_cast<const char*>(data) + 2, size - 2);
    kReaders.at(data[0] % kReaders.size())(payload);
    return 0;
}

}  // namespace hourglass::fuzz
