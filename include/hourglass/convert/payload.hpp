#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hourglass {

/// One encoded value as it travels: `data` in the format that `metadata["encoding"]` names.
struct Payload {
    std::map<std::string, std::string> metadata{};
    std::string data{};
    /// Sizes in bytes of what is stored outside of this payload and referenced by it; empty as a
    /// rule.
    std::vector<std::int64_t> external_sizes{};

    bool operator==(const Payload&) const = default;
};

using Payloads = std::vector<Payload>;

/// A payload that passes through conversion untouched, in both directions.
struct RawValue {
    Payload payload{};

    bool operator==(const RawValue&) const = default;
};

/// Bytes travel as they are (`binary/plain`), not as JSON.
using Bytes = std::vector<std::byte>;

/// The payload of "nothing" (`binary/null`): null, an empty optional, the result of a function that
/// returns void.
[[nodiscard]] Payload null_payload();

/// The payload's `metadata["encoding"]`; empty if it has none.
[[nodiscard]] std::string encoding_of(const Payload& payload);

}  // namespace hourglass
