#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/serialization_context.hpp"

#include <string>

namespace probe {

/// `default/order-7 Checkout`, with what is known of an activity or a Nexus operation behind it;
/// a dash for what is not known.
inline std::string text_of(const hourglass::SerializationContext& whose) {
    const auto part = [](std::string_view text) {
        return text.empty() ? std::string{"-"} : std::string{text};
    };
    std::string text = part(whose.workflow_namespace) + "/" + part(whose.workflow_id) + " " +
                       part(whose.workflow_type);
    if (!whose.activity_id.empty() || !whose.activity_type.empty()) {
        text += (whose.is_local_activity ? ", local activity " : ", activity ") +
                part(whose.activity_id) + " " + part(whose.activity_type);
    }
    if (!whose.nexus_operation.empty()) {
        text += ", operation " + part(whose.nexus_endpoint) + "/" + part(whose.nexus_service) +
                "/" + part(whose.nexus_operation);
    }
    return text;
}

/// A value that knows whose it was when it was encoded, and when it was decoded.
struct Probe {
    std::string encoded{};
    std::string decoded{};
};

}  // namespace probe

template <>
struct hourglass::PayloadFormat<probe::Probe> {
    static Payload encode(const probe::Probe& /*value*/) {
        return to_payload(probe::text_of(serialization_context()));
    }
    static probe::Probe decode(const Payload& payload) {
        return {from_payload<std::string>(payload), probe::text_of(serialization_context())};
    }
};
