#pragma once

#include "tests/support/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace hourglass::test {

/// A Temporal dev server of a test's own, which keeps its state in a SQLite file: it can be killed
/// and started again, at the same address and with the same state.
/// @threads one.
class DevServer {
public:
    /// Does not start it yet.
    DevServer();
    ~DevServer();
    DevServer(const DevServer&) = delete;
    DevServer& operator=(const DevServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;

    /// Returns when it answers.
    /// @throws std::runtime_error with its log's path if it does not within a minute.
    void start();
    /// As a SIGKILL ends it; returns when it has ended.
    void kill();

private:
    std::uint16_t port_;
    std::filesystem::path folder_;
    std::optional<ChildProcess> process_;
};

}  // namespace hourglass::test
