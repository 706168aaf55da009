#pragma once

#include <hourglass/hourglass.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace conformance {

/// What the server recorded of one run, for looking into. Attributes are JSON as protobuf writes
/// it: names in camel case, payloads in base64, 64-bit numbers as strings, defaults left out.
class Events {
public:
    explicit Events(const hourglass::WorkflowHistory& history);
    template <class Handle>
    static Events of(const Handle& handle) {
        return Events{handle.history()};
    }

    /// The types in their order: "WorkflowExecutionStarted", "WorkflowTaskScheduled", …
    [[nodiscard]] const std::vector<std::string>& types() const { return types_; }
    [[nodiscard]] std::size_t count(std::string_view type) const;
    /// Where the first one of the type stands among `types()`.
    /// @throws std::runtime_error with all types if there is none.
    [[nodiscard]] std::size_t position(std::string_view type) const;
    /// The attributes of all events of a type.
    [[nodiscard]] std::vector<nlohmann::json> all(std::string_view type) const;
    /// The attributes of the first event of a type.
    /// @throws as `position`.
    [[nodiscard]] nlohmann::json first(std::string_view type) const;

private:
    std::vector<std::string> types_;
    std::vector<nlohmann::json> attributes_;
};

/// A payload as protobuf's JSON writes it.
[[nodiscard]] nlohmann::json payload_json(const hourglass::Payload& payload);

}  // namespace conformance
