#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <string>
#include <vector>

namespace chaos {

/// What all cells together did, for the line at the end.
/// @threads one, the test's; `killed` any.
class Tally {
public:
    void killed() { ++kills_; }
    /// From the kill until the worker polled again.
    void healed_after(std::chrono::nanoseconds time) { heal_times_.push_back(time); }
    void finished() { ++finished_; }
    void cell() { ++cells_; }

    [[nodiscard]] std::chrono::milliseconds median() const;
    [[nodiscard]] std::string text() const;

private:
    std::atomic<std::size_t> kills_ = 0;
    std::size_t finished_ = 0;
    std::size_t cells_ = 0;
    std::vector<std::chrono::nanoseconds> heal_times_;
};

Tally& tally();

/// No run may be stuck: what a task that got lost on its way costs is the server's timeout of it.
inline constexpr std::chrono::seconds kStuck{120};

/// Waits for the workflow's result, which is one more that finished.
template <class Handle, class Result>
void expect_result(const Handle& handle, const Result& expected) {
    try {
        EXPECT_EQ(handle.result({.timeout = kStuck}), expected);
        tally().finished();
    } catch (const std::exception& error) {
        ADD_FAILURE() << handle.id() << ": " << error.what();
    }
}

}  // namespace chaos
