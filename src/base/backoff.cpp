#include "src/base/backoff.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace hourglass {
namespace {

// More doublings than any limit needs, fewer than a double can hold.
constexpr int kEnough = 64;

double jitter() {
    thread_local std::minstd_rand engine{std::random_device{}()};
    return std::uniform_real_distribution{0.5, 1.0}(engine);
}

}  // namespace

std::chrono::milliseconds BackoffPolicy::after(int failures) const {
    using std::chrono::milliseconds;
    const double grown =
        static_cast<double>(first.count()) * std::pow(factor, std::min(failures, kEnough) - 1);
    const double limited = std::min(grown, static_cast<double>(longest.count()));
    return milliseconds{std::llround(limited * jitter())};
}

}  // namespace hourglass
