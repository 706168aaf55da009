#pragma once

#include <hourglass/codec/aes_gcm_codec.hpp>
#include <hourglass/codec/file_storage.hpp>
#include <hourglass/codec/zlib_codec.hpp>
#include <hourglass/hourglass.hpp>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace interop {

namespace hg = hourglass;

inline constexpr const char* kCppQueue = "interop-cpp";

/// The other SDK: "python" or "go".
inline std::string peer_name() {
    const char* peer = std::getenv("INTEROP_PEER");
    return peer != nullptr ? peer : "python";
}

/// Of the worker with another SDK, and of the endpoint of its Nexus service: "interop-python" or
/// "interop-go".
inline std::string peer_queue() {
    return "interop-" + peer_name();
}

/// As INTEROP_KEY, INTEROP_ZLIB, INTEROP_FOLDER and INTEROP_HEADERS say; python/settings.py and
/// go/settings.go have the same, Go without the last one.
inline hg::DataOptions data_options() {
    hg::DataOptions data;
    if (std::getenv("INTEROP_ZLIB") != nullptr) {
        data.codecs.push_back(hg::zlib_codec());
    }
    if (const char* key = std::getenv("INTEROP_KEY")) {
        data.codecs.push_back(hg::aes_gcm_codec({.key_id = "interop", .keys = {{"interop", key}}}));
        data.encode_failure_attributes = true;
    }
    if (std::getenv("INTEROP_HEADERS") != nullptr) {
        data.headers = hg::HeaderCodec::On;
    }
    if (const char* folder = std::getenv("INTEROP_FOLDER")) {
        data.external_storage =
            hg::ExternalStorage{.drivers = {hg::file_storage(folder)}, .threshold = 100};
    }
    return data;
}

/// Of the server that the test runs against.
inline hg::ClientOptions client_options() {
    auto options = hg::ClientOptions::from_environment();
    options.data = data_options();
    return options;
}

/// "greetings", for the other SDK to call; in cpp_nexus.cpp.
[[nodiscard]] hg::nexus::Services nexus_services();

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
