#include "src/core/bytes.hpp"

#include "src/core/bridge.hpp"

#include <utility>

namespace hourglass::core {

OwnedBytes::OwnedBytes(OwnedBytes&& other) noexcept
    : data_{std::exchange(other.data_, nullptr)},
      size_{std::exchange(other.size_, 0)},
      capacity_{std::exchange(other.capacity_, 0)},
      from_{std::exchange(other.from_, nullptr)} {}

OwnedBytes& OwnedBytes::operator=(OwnedBytes&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    std::swap(from_, other.from_);
    return *this;
}

OwnedBytes::~OwnedBytes() {
    if (from_ != nullptr) {
        from_->bytes_free({data_, size_, capacity_});
    }
}

}  // namespace hourglass::core
