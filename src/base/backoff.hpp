#pragma once

#include <chrono>

namespace hourglass {

/// How long to wait before the next try of something that an outage makes fail: growing from
/// `first` to `longest`, each wait shortened by up to half at random, so that many do not come back
/// in step.
struct BackoffPolicy {
    std::chrono::milliseconds first{100};
    double factor = 2;
    std::chrono::milliseconds longest = std::chrono::seconds{10};

    /// @param failures  in a row, >= 1.
    /// @threads any.
    [[nodiscard]] std::chrono::milliseconds after(int failures) const;
};

/// A policy with the count of failures.
/// @threads one at a time.
class Backoff {
public:
    explicit Backoff(BackoffPolicy policy = {}) : policy_{policy} {}

    /// After one more failure.
    std::chrono::milliseconds next() { return policy_.after(++failures_); }
    void reset() { failures_ = 0; }

private:
    BackoffPolicy policy_;
    int failures_ = 0;
};

}  // namespace hourglass
