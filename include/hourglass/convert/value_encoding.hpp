#pragma once

#include <nlohmann/json.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hourglass {

/// A way to write the values that would else be written as JSON, such as CBOR or MessagePack.
///
/// Null, bytes and types with a PayloadFormat of their own keep their formats.
/// @threads any, several calls at once.
class ValueEncoding {
public:
    ValueEncoding() = default;
    ValueEncoding(const ValueEncoding&) = delete;
    ValueEncoding& operator=(const ValueEncoding&) = delete;
    virtual ~ValueEncoding() = default;

    /// The payloads' `metadata["encoding"]`, such as "binary/cbor"; always the same.
    [[nodiscard]] virtual std::string name() const = 0;
    /// @returns the payload's data; nothing to leave the value to the encodings behind this one.
    [[nodiscard]] virtual std::optional<std::string> encode(const nlohmann::json& value) const = 0;
    /// Reads the data of a payload of this encoding; what it throws is part of the ConversionError.
    [[nodiscard]] virtual nlohmann::json decode(const std::string& data) const = 0;
};

/// Sets what this process writes values with, the first one first; JSON comes last and need not be
/// named. Each is read as well, whatever its place. To be called before there is a client or
/// Application: histories keep the encoding they were written in, so one that was used once has to
/// stay readable.
/// @throws ConfigurationError if there is a null, a name twice, or the name of a format that is
/// built in.
/// @threads any; not together with conversions.
void set_value_encodings(std::vector<std::shared_ptr<const ValueEncoding>> encodings);

}  // namespace hourglass
