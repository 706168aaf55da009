#pragma once

#include "src/core/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::core {

/// Bytes that the bridge allocated, such as a serialized protobuf message; freed with this object.
/// @threads any, one at a time.
class OwnedBytes {
public:
    OwnedBytes() noexcept = default;
    /// Takes over an HgBytes, given in parts so that this header needs not know the bridge's.
    OwnedBytes(std::uint8_t* data, std::size_t size, std::size_t capacity) noexcept
        : data_{data}, size_{size}, capacity_{capacity} {}
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
};

using BytesResult = Result<OwnedBytes, CallError>;

}  // namespace hourglass::core
