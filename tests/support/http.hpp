#pragma once

#include <httplib.h>

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace hourglass::test {

/// Asks "HOST:PORT" once; status -1 if there was no answer.
inline httplib::Response http(
    const std::string& address, const std::string& path, const std::string& method = "GET"
) {
    httplib::Client client{"http://" + address};
    client.set_read_timeout(20, 0);
    httplib::Request request;
    request.method = method;
    request.path = path;
    const auto result = client.send(request);
    return result ? *result : httplib::Response{};
}

/// A client that does as badly as a test wants.
class RawClient {
public:
    /// @param address  "127.0.0.1:PORT"
    explicit RawClient(const std::string& address) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        to.sin_port =
            htons(static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
        const timeval limit{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    ~RawClient() { ::close(socket_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }
    void send(const std::string& text) const {
        if (::send(socket_, text.data(), text.size(), MSG_NOSIGNAL) < 0) {
            throw std::runtime_error{"the connection is closed"};
        }
    }
    /// Everything until the other side closes, or for 20 s.
    [[nodiscard]] std::string receive_all() const {
        std::string all;
        char buffer[4096];
        for (ssize_t got = 0; (got = ::recv(socket_, buffer, sizeof buffer, 0)) > 0;) {
            all.append(buffer, static_cast<std::size_t>(got));
        }
        return all;
    }

private:
    int socket_;
    bool connected_ = false;
};

}  // namespace hourglass::test
