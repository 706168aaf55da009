#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace hourglass {

/// How long to wait before the next try of something that an outage makes fail: doubling from
/// `initial` up to `cap`, each wait shortened by up to half at random, so that many workers do not
/// come back in step.
/// @threads one at a time.
class Backoff {
public:
    using Duration = std::chrono::milliseconds;

    explicit Backoff(
        Duration initial = std::chrono::milliseconds{100}, Duration cap = std::chrono::seconds{10}
    )
        : initial_{initial}, cap_{cap}, next_{initial} {}

    Duration next() {
        const Duration full = next_;
        next_ = std::min(next_ * 2, cap_);
        std::uniform_int_distribution<Duration::rep> jitter{0, full.count() / 2};
        return full - Duration{jitter(random_)};
    }

    void reset() { next_ = initial_; }

private:
    Duration initial_;
    Duration cap_;
    Duration next_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace hourglass
