#include "tests/conformance/harness/events.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

namespace conformance {
namespace {

std::string base64(const std::string& bytes) {
    static constexpr char kDigits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    unsigned bits = 0;
    int count = 0;
    for (const char c : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(c);
        for (count += 8; count >= 6; count -= 6) {
            text += kDigits[(bits >> static_cast<unsigned>(count - 6)) & 63U];
        }
    }
    if (count > 0) {
        text += kDigits[(bits << static_cast<unsigned>(6 - count)) & 63U];
    }
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

/// The attributes stand under a name that depends on the type.
nlohmann::json attributes_of(const nlohmann::json& event) {
    static constexpr std::string_view kEnding = "EventAttributes";
    for (const auto& [key, value] : event.items()) {
        if (key.ends_with(kEnding)) {
            return value;
        }
    }
    return nlohmann::json::object();
}

}  // namespace

Events::Events(const hourglass::WorkflowHistory& history) {
    for (const auto& event : history.events()) {
        types_.push_back(event.type);
    }
    const auto json = nlohmann::json::parse(history.to_json());
    std::ranges::transform(json.at("events"), std::back_inserter(attributes_), attributes_of);
}

std::size_t Events::count(std::string_view type) const {
    return static_cast<std::size_t>(std::ranges::count(types_, type));
}

std::size_t Events::position(std::string_view type) const {
    const auto found = std::ranges::find(types_, type);
    if (found == types_.end()) {
        std::string text = "the history has no " + std::string{type} + ", but";
        for (const auto& each : types_) {
            text += " " + each;
        }
        throw std::runtime_error{text};
    }
    return static_cast<std::size_t>(found - types_.begin());
}

std::vector<nlohmann::json> Events::all(std::string_view type) const {
    std::vector<nlohmann::json> found;
    for (std::size_t i = 0; i < types_.size(); ++i) {
        if (types_[i] == type) {
            found.push_back(attributes_[i]);
        }
    }
    return found;
}

nlohmann::json Events::first(std::string_view type) const {
    return attributes_[position(type)];
}

nlohmann::json payload_json(const hourglass::Payload& payload) {
    nlohmann::json json = nlohmann::json::object();
    for (const auto& [key, value] : payload.metadata) {
        json["metadata"][key] = base64(value);
    }
    if (!payload.data.empty()) {
        json["data"] = base64(payload.data);
    }
    return json;
}

}  // namespace conformance
