#include "src/core/bytes.hpp"

#include "hourglass_bridge.h"

#include <utility>

namespace hourglass::core {

OwnedBytes::OwnedBytes(OwnedBytes&& other) noexcept
    : data_{std::exchange(other.data_, nullptr)},
      size_{std::exchange(other.size_, 0)},
      capacity_{std::exchange(other.capacity_, 0)} {}

OwnedBytes& OwnedBytes::operator=(OwnedBytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
}

OwnedBytes::~OwnedBytes() {
    hg_bytes_free({data_, size_, capacity_});
}

}  // namespace hourglass::core
