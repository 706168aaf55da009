#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace hourglass::testing {

/// A program that runs beside this one and ends with it, however this one ends.
/// @threads one at a time, except as said.
class ChildProcess {
public:
    struct Command {
        std::filesystem::path program;
        /// Without the program's own name.
        std::vector<std::string> arguments;
        /// Where its output goes; made afresh.
        std::filesystem::path output;
    };

    /// It gets this program's environment without the variables TEMPORAL_….
    /// @throws Error if it cannot be started.
    explicit ChildProcess(const Command& command);
    /// Asks it to end (SIGTERM), kills it if it has not after a while, and waits.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    /// @threads any.
    [[nodiscard]] bool running() const noexcept;

private:
    [[nodiscard]] bool ends_within(std::chrono::milliseconds time) const noexcept;

    int handle_ = -1;
    std::thread keeper_;
};

}  // namespace hourglass::testing
