#pragma once

#include "hourglass/client/client_options.hpp"
#include "tests/support/child_process.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::test {

/// TLS in front of a server without it, on a port each: "good", "wrong_host", "expired" and
/// "stranger", whose certificate another authority has signed; "mutual" and "mutual_next", which
/// want a certificate of the client's.
/// @threads one.
class TlsEndpoints {
public:
    /// The name that the good certificate is for.
    static constexpr const char* kHost = "temporal.test";

    /// Returns when all of them listen.
    /// @param upstream  the server's port.
    explicit TlsEndpoints(std::uint16_t upstream);
    ~TlsEndpoints();
    TlsEndpoints(const TlsEndpoints&) = delete;
    TlsEndpoints& operator=(const TlsEndpoints&) = delete;

    [[nodiscard]] std::uint16_t port(const std::string& name) const { return ports_.at(name); }
    /// Whom to trust, as PEM.
    [[nodiscard]] std::string authority() const;
    /// The names that clients sent to "NAME" (SNI), each handshake's.
    [[nodiscard]] std::vector<std::string> server_names_sent(const std::string& name) const;
    /// What a client of the good one needs, with the certificate that "mutual" wants
    /// (`client_authority` "ours"), or "mutual_next" ("next").
    [[nodiscard]] TlsOptions client_of(const std::string& client_authority) const;

private:
    [[nodiscard]] std::string text_of(const std::filesystem::path& file) const;

    std::filesystem::path folder_;
    std::optional<ChildProcess> process_;
    std::map<std::string, std::uint16_t> ports_;
};

}  // namespace hourglass::test
