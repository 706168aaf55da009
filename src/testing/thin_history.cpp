#include "src/testing/thin_history.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;

constexpr std::uint32_t kEventsTag =
    WireFormatLite::MakeTag(History::kEventsFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
constexpr std::uint32_t kIdTag =
    WireFormatLite::MakeTag(HistoryEvent::kEventIdFieldNumber, WireFormatLite::WIRETYPE_VARINT);
constexpr std::uint32_t kTypeTag =
    WireFormatLite::MakeTag(HistoryEvent::kEventTypeFieldNumber, WireFormatLite::WIRETYPE_VARINT);

constexpr char kNothingFollows = '\0';  // the length of a message without fields

/// Whether nobody asks for what is in the attributes of such events. One that is missing here costs
/// time, no more; one may be here only if nothing reads its attributes that judges a replay.
bool only_tells(std::uint64_t type) {
    switch (type) {
        case enums::EVENT_TYPE_WORKFLOW_TASK_SCHEDULED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_STARTED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
        case enums::EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
        case enums::EVENT_TYPE_WORKFLOW_TASK_FAILED:
        case enums::EVENT_TYPE_ACTIVITY_TASK_STARTED:
        case enums::EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
        case enums::EVENT_TYPE_ACTIVITY_TASK_FAILED:
        case enums::EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT:
        case enums::EVENT_TYPE_ACTIVITY_TASK_CANCELED:
        case enums::EVENT_TYPE_TIMER_FIRED:
        case enums::EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
        case enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED:
        case enums::EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED:
            return true;
        default:
            return false;
    }
}

/// By the field's number: whether it is one of an event's attributes.
std::vector<bool> make_attributes() {
    const auto& all = *HistoryEvent::descriptor()->FindOneofByName("attributes");
    std::vector<bool> attributes;
    for (int index = 0; index < all.field_count(); ++index) {
        const auto number = static_cast<std::size_t>(all.field(index)->number());
        attributes.resize(std::max(attributes.size(), number + 1));
        attributes[number] = true;
    }
    return attributes;
}

bool is_of_attributes(std::uint32_t tag) {
    static const std::vector<bool> attributes = make_attributes();
    const auto number = static_cast<std::size_t>(WireFormatLite::GetTagFieldNumber(tag));
    return number < attributes.size() && attributes[number] &&
           WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
}

CodedInputStream over(std::string_view bytes) {
    return CodedInputStream{
        reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size())
    };
}

/// Gives the event's id, type and the tag of its attributes in `thin`.
/// @returns its type; nothing if the event cannot be read.
std::optional<std::uint64_t> thin_event(std::string_view event, std::string& thin) {
    thin.clear();
    std::uint64_t type = 0;
    auto in = over(event);
    for (;;) {
        const auto begin = static_cast<std::size_t>(in.CurrentPosition());
        const std::uint32_t tag = in.ReadTag();
        if (tag == 0) {
            return begin == event.size() ? std::optional{type} : std::nullopt;
        }
        const auto behind_tag = static_cast<std::size_t>(in.CurrentPosition());
        const bool is_type = tag == kTypeTag;
        if (!(is_type ? in.ReadVarint64(&type) : WireFormatLite::SkipField(&in, tag))) {
            return std::nullopt;
        }
        if (is_type || tag == kIdTag) {
            const auto end = static_cast<std::size_t>(in.CurrentPosition());
            thin += event.substr(begin, end - begin);
        } else if (is_of_attributes(tag)) {
            thin += event.substr(begin, behind_tag - begin);
            thin += kNothingFollows;
        }
    }
}

}  // namespace

bool read_thin_history(std::string_view serialized, History& history) {
    std::string thin;
    auto in = over(serialized);
    for (;;) {
        const auto begin = static_cast<std::size_t>(in.CurrentPosition());
        const std::uint32_t tag = in.ReadTag();
        if (tag == 0) {
            return begin == serialized.size();
        }
        if (tag != kEventsTag) {
            if (!WireFormatLite::SkipField(&in, tag)) {
                return false;
            }
            continue;
        }
        std::uint32_t size = 0;
        if (!in.ReadVarint32(&size)) {
            return false;
        }
        const auto event = serialized.substr(static_cast<std::size_t>(in.CurrentPosition()), size);
        const auto type = thin_event(event, thin);
        if (!type || !in.Skip(static_cast<int>(size))) {
            return false;
        }
        const std::string_view kept = only_tells(*type) ? thin : event;
        if (!history.add_events()->ParseFromArray(kept.data(), static_cast<int>(kept.size()))) {
            return false;
        }
    }
}

}  // namespace hourglass::testing
