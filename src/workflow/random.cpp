#include "hourglass/workflow/random.hpp"

#include "hourglass/base/error.hpp"
#include "src/workflow/engine.hpp"

#include <bit>
#include <cstdint>
#include <string>

namespace hourglass::workflow {

// These two algorithms are part of what replay depends on: they never change.

void Random::reseed(std::uint64_t seed) noexcept {
    for (auto& word : state_) {  // SplitMix64
        seed += 0x9e3779b97f4a7c15U;
        std::uint64_t mixed = seed;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        word = mixed ^ (mixed >> 31U);
    }
}

Random::result_type Random::operator()() noexcept {  // xoshiro256**
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::int64_t Random::uniform(std::int64_t low, std::int64_t high) {
    if (low > high) {
        throw ConfigurationError{
            "Random::uniform(" + std::to_string(low) + ", " + std::to_string(high) +
            "): low must not be above high"
        };
    }
    const std::uint64_t size =
        static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    if (size == 0) {  // all 64-bit numbers
        return static_cast<std::int64_t>((*this)());
    }
    const std::uint64_t beyond = max() - (max() % size + 1) % size;  // the largest number taken
    std::uint64_t number = (*this)();
    while (number > beyond) {
        number = (*this)();
    }
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + number % size);
}

double Random::uniform01() noexcept {
    return static_cast<double>((*this)() >> 11U) * 0x1.0p-53;
}

Random& random() {
    Engine& engine = Engine::current("random()");
    engine.require_writable("random()");
    return engine.random();
}

std::string uuid4() {
    Engine& engine = Engine::current("uuid4()");
    engine.require_writable("uuid4()");
    const std::uint64_t high = (engine.random()() & ~std::uint64_t{0xf000}) | 0x4000U;
    const std::uint64_t low =
        (engine.random()() & ~(std::uint64_t{3} << 62U)) | (std::uint64_t{1} << 63U);
    constexpr const char* kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (unsigned i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20) {
            text.push_back('-');
        }
        const std::uint64_t word = i < 16 ? high : low;
        text.push_back(kDigits[(word >> (60U - 4U * (i % 16U))) & 0xfU]);
    }
    return text;
}

}  // namespace hourglass::workflow
