#pragma once

#include "src/core/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::core {

struct Bridge;

/// Bytes that the bridge allocated, such as a serialized protobuf message; freed with this object.
/// @threads any, one at a time.
class OwnedBytes {
public:
    OwnedBytes() noexcept = default;
    /// Takes over an HgBytes of a bridge, given in parts so that this header needs not know it.
    OwnedBytes(
        std::uint8_t* data, std::size_t size, std::size_t capacity, const Bridge& from
    ) noexcept
        : data_{data}, size_{size}, capacity_{capacity}, from_{&from} {}
    OwnedBytes(OwnedBytes&& other) noexcept;
    OwnedBytes& operator=(OwnedBytes&& other) noexcept;
    OwnedBytes(const OwnedBytes&) = delete;
    OwnedBytes& operator=(const OwnedBytes&) = delete;
    ~OwnedBytes();

    [[nodiscard]] std::string_view view() const noexcept {
        return {reinterpret_cast<const char*>(data_), data_ == nullptr ? 0 : size_};
    }
    [[nodiscard]] std::string to_string() const { return std::string{view()}; }

private:
    std::uint8_t* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    const Bridge* from_ = nullptr;
};

using BytesResult = Result<OwnedBytes, CallError>;

}  // namespace hourglass::core
