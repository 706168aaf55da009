#pragma once

#include "tests/support/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::test {

/// A gRPC server without TLS that passes each call on to another one, and shows what metadata the
/// calls came with.
/// @threads one.
class GrpcHop {
public:
    /// The value of a key in -bin is in hexadecimal digits.
    using Metadata = std::map<std::string, std::string>;

    /// Returns when it listens.
    /// @param upstream  the server's port.
    explicit GrpcHop(std::uint16_t upstream);
    ~GrpcHop();
    GrpcHop(const GrpcHop&) = delete;
    GrpcHop& operator=(const GrpcHop&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// From now on calls with another bearer token, or none, are refused as UNAUTHENTICATED.
    void require_api_key(const std::string& key) const;
    /// From now on calls with that bearer token wait until another one is held, or "": nobody's.
    /// They are among `calls_of` meanwhile.
    void hold_calls_with_api_key(const std::string& key) const;
    /// Answers the calls of that service itself, with empty messages: the server does not have it.
    void serve(const std::string& service) const;

    /// What the calls of a method came with, the oldest first.
    /// @param method  without its service, such as "CountWorkflowExecutions".
    [[nodiscard]] std::vector<Metadata> calls_of(const std::string& method) const;

private:
    std::filesystem::path folder_;
    std::optional<ChildProcess> process_;
    std::uint16_t port_ = 0;
};

}  // namespace hourglass::test
