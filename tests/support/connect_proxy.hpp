#pragma once

#include <memory>
#include <string>
#include <vector>

namespace hourglass::test {

/// An HTTP proxy on the loopback that knows `CONNECT` alone, and counts.
/// @threads any.
class ConnectProxy {
public:
    /// Listens at once.
    /// @param user  asks everybody for basic authentication, if not empty.
    explicit ConnectProxy(std::string user = {}, const std::string& password = {});
    /// Closes the tunnels.
    ~ConnectProxy();
    ConnectProxy(const ConnectProxy&) = delete;
    ConnectProxy& operator=(const ConnectProxy&) = delete;

    /// "127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;
    /// Where each tunnel so far led to, those that were refused left out.
    [[nodiscard]] std::vector<std::string> tunnels() const;

private:
    class Server;
    std::unique_ptr<Server> server_;
};

}  // namespace hourglass::test
