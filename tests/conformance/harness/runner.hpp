#pragma once

#include "tests/conformance/harness/registry.hpp"

#include <chrono>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace conformance {

/// What a row ended with.
struct Outcome {
    struct Failure {
        /// Empty: not known.
        std::string file;
        int line;
        std::string message;
    };
    std::vector<Failure> failures;
    int replayed = 0;
    std::chrono::milliseconds took{0};

    [[nodiscard]] bool passed() const { return failures.empty(); }
};

/// Runs rows side by side.
/// @threads one.
class Runner {
public:
    /// Begins all of them.
    void start(const std::vector<Feature>& features);
    /// Waits for the row's end.
    /// @throws std::out_of_range if it was not begun.
    [[nodiscard]] const Outcome& outcome(const std::string& path) const;
    [[nodiscard]] bool has(const std::string& path) const { return outcomes_.contains(path); }

private:
    std::map<std::string, std::shared_future<Outcome>> outcomes_;
    std::vector<std::jthread> threads_;
};

}  // namespace conformance
