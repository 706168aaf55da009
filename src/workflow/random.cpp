#include "hourglass/workflow/random.hpp"

#include "hourglass/base/error.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/uuid.hpp"

#include <bit>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace hourglass::workflow {

// The algorithms of this file are part of what replay depends on: they never change.
namespace {

std::uint64_t seed_of_stream(std::uint64_t seed, std::string_view name) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
    for (const char each : name) {
        hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3U;
    }
    // Through the generator: the seeds of two streams have nothing in common.
    return Random{seed ^ hash}();
}

}  // namespace

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

Random& random_stream(std::string_view name) {
    Engine& engine = Engine::current("random_stream()");
    engine.require_writable("random_stream()");
    return engine.random_stream(name);
}

Random& Engine::random_stream(std::string_view name) {
    const auto found = seldom_->random_streams.find(name);
    if (found != seldom_->random_streams.end()) {
        return found->second;
    }
    return seldom_->random_streams.emplace(std::string{name}, Random{seed_of_stream(seed_, name)})
        .first->second;
}

void Engine::reseed(std::uint64_t seed) {
    seed_ = seed;
    random_.reseed(seed);
    if (seldom_) {
        for (auto& [name, stream] : seldom_->random_streams) {
            stream.reseed(seed_of_stream(seed, name));
        }
    }
}

std::string uuid4() {
    Engine& engine = Engine::current("uuid4()");
    engine.require_writable("uuid4()");
    return uuid4_from(engine.random());
}

std::string uuid7() {
    Engine& engine = Engine::current("uuid7()");
    engine.require_writable("uuid7()");
    const auto since = engine.now().time_since_epoch();
    const auto milliseconds = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count()
    );
    const std::uint64_t high = (milliseconds << 16U) | 0x7000U | (engine.random()() >> 52U);
    const std::uint64_t low = (engine.random()() >> 2U) | (std::uint64_t{1} << 63U);
    return uuid_text(high, low);
}

std::string uuid4_from(Random& random) {
    const std::uint64_t high = (random() & ~std::uint64_t{0xf000}) | 0x4000U;
    const std::uint64_t low = (random() & ~(std::uint64_t{3} << 62U)) | (std::uint64_t{1} << 63U);
    return uuid_text(high, low);
}

std::string uuid_text(std::uint64_t high, std::uint64_t low) {
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
