#include "src/core/generation.hpp"

#include "hourglass_bridge.h"

namespace hourglass::core::generation {

std::uint64_t current() noexcept {
    return hg_generation();
}

std::uint64_t bump() noexcept {
    return hg_generation_bump();
}

}  // namespace hourglass::core::generation
