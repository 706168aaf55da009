#pragma once

#include <hourglass/hourglass.hpp>

#include <optional>
#include <string>
#include <vector>

namespace interop {

namespace hg = hourglass;

inline constexpr const char* kCppQueue = "interop-cpp";
inline constexpr const char* kPythonQueue = "interop-python";

struct Parcel {
    std::string id;
    double weight = 0;
    std::vector<std::string> tags;
    std::optional<std::string> note;
};

inline void to_json(nlohmann::json& json, const Parcel& parcel) {
    json = {{"id", parcel.id}, {"weight", parcel.weight}, {"tags", parcel.tags}, {"note", nullptr}};
    if (parcel.note) {
        json["note"] = *parcel.note;
    }
}

inline void from_json(const nlohmann::json& json, Parcel& parcel) {
    json.at("id").get_to(parcel.id);
    json.at("weight").get_to(parcel.weight);
    json.at("tags").get_to(parcel.tags);
    if (json.contains("note") && !json.at("note").is_null()) {
        parcel.note = json.at("note").get<std::string>();
    }
}

}  // namespace interop
