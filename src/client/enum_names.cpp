#include "src/client/enum_names.hpp"

#include <cctype>

namespace hourglass::client {

namespace {

namespace pb = google::protobuf;

bool is_upper(char c) {
    return std::isupper(static_cast<unsigned char>(c)) != 0;
}
char to_upper(char c) {
    return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}
char to_lower(char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// What all names of the enum begin with, by Temporal's style: "EVENT_TYPE_", of its zero
/// "EVENT_TYPE_UNSPECIFIED".
std::string_view prefix_of(const pb::EnumDescriptor& type) {
    constexpr std::string_view kZero = "UNSPECIFIED";
    const pb::EnumValueDescriptor* zero = type.FindValueByNumber(0);
    if (!zero) {
        return {};
    }
    std::string_view name = zero->name();
    return name.ends_with(kZero) ? name.substr(0, name.size() - kZero.size()) : std::string_view{};
}

std::string screaming(std::string_view camel) {
    std::string text;
    for (std::size_t i = 0; i < camel.size(); ++i) {
        const bool word_begins =
            i > 0 && is_upper(camel[i]) &&
            (!is_upper(camel[i - 1]) || (i + 1 < camel.size() && !is_upper(camel[i + 1])));
        if (word_begins) {
            text += '_';
        }
        text += to_upper(camel[i]);
    }
    return text;
}

void expand_value(nlohmann::json& value, const pb::FieldDescriptor& field) {
    if (field.type() == pb::FieldDescriptor::TYPE_MESSAGE) {
        expand_enum_names(value, *field.message_type());
        return;
    }
    if (field.type() != pb::FieldDescriptor::TYPE_ENUM || !value.is_string()) {
        return;
    }
    const pb::EnumDescriptor& type = *field.enum_type();
    const auto& name = value.get_ref<const std::string&>();
    if (type.FindValueByName(name)) {
        return;
    }
    std::string full{prefix_of(type)};
    full += screaming(name);
    if (type.FindValueByName(full)) {
        value = std::move(full);
    }
}

void expand_field(nlohmann::json& value, const pb::FieldDescriptor& field) {
    if (field.is_map()) {
        if (value.is_object()) {
            for (auto& [key, each] : value.items()) {
                expand_value(each, *field.message_type()->map_value());
            }
        }
    } else if (field.is_repeated()) {
        if (value.is_array()) {
            for (auto& each : value) {
                expand_value(each, field);
            }
        }
    } else {
        expand_value(value, field);
    }
}

}  // namespace

std::string short_enum_name(const pb::EnumDescriptor& type, int number) {
    const pb::EnumValueDescriptor* value = type.FindValueByNumber(number);
    if (!value) {
        return std::to_string(number);
    }
    std::string_view name = value->name();
    name.remove_prefix(prefix_of(type).size());
    std::string text;
    bool word_begins = true;
    for (const char c : name) {
        if (c == '_') {
            word_begins = true;
            continue;
        }
        text += word_begins ? c : to_lower(c);
        word_begins = false;
    }
    return text;
}

void expand_enum_names(nlohmann::json& message, const pb::Descriptor& type) {
    // Timestamps, durations, Any: their JSON does not mirror their fields.
    if (!message.is_object() || type.full_name().starts_with("google.protobuf.")) {
        return;
    }
    for (auto& [key, value] : message.items()) {
        const pb::FieldDescriptor* field = type.FindFieldByCamelcaseName(key);
        if (!field) {
            field = type.FindFieldByName(key);
        }
        if (field) {
            expand_field(value, *field);
        }
    }
}

}  // namespace hourglass::client
