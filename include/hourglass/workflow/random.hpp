#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

/// Random numbers that come out the same with every compiler, library and version of Hourglass:
/// xoshiro256** whose state SplitMix64 makes from the seed. Not for secrets.
///
/// It is a uniform random bit generator, but the standard's distributions differ between libraries
/// and would break replay: use the functions here.
class Random {
public:
    using result_type = std::uint64_t;

    explicit Random(std::uint64_t seed) noexcept { reseed(seed); }
    void reseed(std::uint64_t seed) noexcept;

    [[nodiscard]] static constexpr result_type min() noexcept { return 0; }
    [[nodiscard]] static constexpr result_type max() noexcept {
        return std::numeric_limits<result_type>::max();
    }
    result_type operator()() noexcept;

    /// From `low` to `high`, both included, each as likely: takes numbers until one is below the
    /// largest multiple of the range's size, and that one modulo the size.
    /// @throws ConfigurationError if low > high.
    std::int64_t uniform(std::int64_t low, std::int64_t high);
    /// From 0 to 1, 1 left out: the upper 53 bits of a number.
    double uniform01() noexcept;
    /// @param probability  of true.
    bool chance(double probability) noexcept { return uniform01() < probability; }

    /// Each order as likely: swaps each element, the last one first, with one up to itself.
    template <class Range>
    void shuffle(Range& range) {
        auto first = std::begin(range);
        for (auto left = static_cast<std::int64_t>(std::size(range)); left > 1; --left) {
            std::swap(first[left - 1], first[uniform(0, left - 1)]);
        }
    }

private:
    std::array<std::uint64_t, 4> state_{};
};

/// The workflow's random numbers, seeded by the server: the same on replay.
/// @throws OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Random& random();

/// Random numbers of their own for a part of the workflow, so that one part that takes more of them
/// changes nothing for the others. Seeded by the server's seed and the name.
/// @returns the same stream each time that it is asked for one name.
/// @throws OutsideWorkflowError, ReadOnlyError
[[nodiscard]] Random& random_stream(std::string_view name);

/// A random UUID (version 4), the same on replay: "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".
/// @throws OutsideWorkflowError, ReadOnlyError
[[nodiscard]] std::string uuid4();

/// A UUID (version 7) of the workflow's time and random numbers, the same on replay. Those of one
/// workflow sort by their time.
/// @throws OutsideWorkflowError, ReadOnlyError
[[nodiscard]] std::string uuid7();

}  // namespace hourglass::workflow
