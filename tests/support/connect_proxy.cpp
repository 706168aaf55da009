#include "tests/support/connect_proxy.hpp"

#include <poll.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hourglass::test {
namespace {

constexpr int kLookAroundMilliseconds = 100;  // for a stop

class Socket {
public:
    explicit Socket(int fd) : fd_{fd} {
        if (fd < 0) {
            throw std::system_error{errno, std::generic_category(), "ConnectProxy: socket"};
        }
    }
    ~Socket() { ::close(fd_); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

bool wait_readable(std::initializer_list<int> sockets, std::array<bool, 2>& ready) {
    std::array<pollfd, 2> polled{};
    std::size_t count = 0;
    for (const int each : sockets) {
        polled.at(count++) = {each, POLLIN, 0};
    }
    const int found = ::poll(polled.data(), count, kLookAroundMilliseconds);
    for (std::size_t i = 0; i < count; ++i) {
        ready.at(i) = polled.at(i).revents != 0;
    }
    return found > 0;
}

bool send_all(int to, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

/// Passes on what is there; false at the end of the connection.
bool pass_on(int from, int to) {
    std::array<char, 65536> buffer;
    const auto got = ::recv(from, buffer.data(), buffer.size(), 0);
    return got > 0 && send_all(to, {buffer.data(), static_cast<std::size_t>(got)});
}

std::string base64(const std::string& text) {
    static constexpr char kDigits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string coded;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        unsigned bits = 0;
        for (std::size_t j = i; j < i + 3; ++j) {
            bits = (bits << 8U) | (j < text.size() ? static_cast<unsigned char>(text[j]) : 0U);
        }
        for (unsigned j = 0; j < 4; ++j) {
            coded += i + j > text.size() ? '=' : kDigits[(bits >> (18U - 6U * j)) & 63U];
        }
    }
    return coded;
}

}  // namespace

/// A thread that accepts, and one for each connection.
class ConnectProxy::Server {
public:
    explicit Server(std::string credentials) : credentials_{std::move(credentials)} {
        const auto address = loopback(0);
        if (::bind(listener_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
                0 ||
            ::listen(listener_.fd(), SOMAXCONN) != 0) {
            throw std::system_error{errno, std::generic_category(), "ConnectProxy: listen"};
        }
        thread_ = std::jthread{[this](const std::stop_token& stop) { accept(stop); }};
    }

    [[nodiscard]] std::uint16_t port() const {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        ::getsockname(listener_.fd(), reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin_port);
    }
    [[nodiscard]] std::vector<std::string> tunnels() const {
        const std::lock_guard lock{mutex_};
        return tunnels_;
    }

private:
    void accept(const std::stop_token& stop) {
        std::list<std::jthread> connections;  // which stop with this thread
        while (!stop.stop_requested()) {
            std::array<bool, 2> ready{};
            if (wait_readable({listener_.fd()}, ready)) {
                const int fd = ::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC);
                connections.emplace_back([this, fd](const std::stop_token& stopping) {
                    const Socket client{fd};
                    serve(client, stopping);
                });
            }
        }
    }

    void serve(const Socket& client, const std::stop_token& stop) {
        const std::string request = read_head(client, stop);
        if (!credentials_.empty() && request.find("Basic " + credentials_) == std::string::npos) {
            send_all(client.fd(), "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
            return;
        }
        const auto target = target_of(request);
        if (!target) {
            send_all(client.fd(), "HTTP/1.1 405 Method Not Allowed\r\n\r\n");
            return;
        }
        const Socket server{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const auto port = std::stoi(target->substr(target->rfind(':') + 1));
        const auto address = loopback(static_cast<std::uint16_t>(port));
        if (::connect(server.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) !=
            0) {
            send_all(client.fd(), "HTTP/1.1 502 Bad Gateway\r\n\r\n");
            return;
        }
        {
            const std::lock_guard lock{mutex_};
            tunnels_.push_back(*target);
        }
        send_all(client.fd(), "HTTP/1.1 200 OK\r\n\r\n");
        while (!stop.stop_requested()) {
            std::array<bool, 2> ready{};
            wait_readable({client.fd(), server.fd()}, ready);
            if ((ready[0] && !pass_on(client.fd(), server.fd())) ||
                (ready[1] && !pass_on(server.fd(), client.fd()))) {
                return;
            }
        }
    }

    /// One byte after the other: what follows the head belongs to the tunnel.
    static std::string read_head(const Socket& client, const std::stop_token& stop) {
        std::string head;
        while (!head.ends_with("\r\n\r\n") && !stop.stop_requested()) {
            std::array<bool, 2> ready{};
            if (wait_readable({client.fd()}, ready)) {
                char next = 0;
                if (::recv(client.fd(), &next, 1, 0) <= 0) {
                    break;
                }
                head += next;
            }
        }
        return head;
    }

    /// "CONNECT 127.0.0.1:7233 HTTP/1.1"
    static std::optional<std::string> target_of(const std::string& request) {
        static const std::string method = "CONNECT ";
        const auto end = request.find(' ', method.size());
        if (!request.starts_with(method) || end == std::string::npos) {
            return std::nullopt;
        }
        return request.substr(method.size(), end - method.size());
    }

    const std::string credentials_;
    const Socket listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    mutable std::mutex mutex_;
    std::vector<std::string> tunnels_;
    std::jthread thread_;  // ends before the rest
};

ConnectProxy::ConnectProxy(std::string user, const std::string& password)
    : server_{std::make_unique<Server>(
          user.empty() ? std::string{} : base64(std::move(user) + ":" + password)
      )} {}

ConnectProxy::~ConnectProxy() = default;

std::string ConnectProxy::address() const {
    return "127.0.0.1:" + std::to_string(server_->port());
}

std::vector<std::string> ConnectProxy::tunnels() const {
    return server_->tunnels();
}

}  // namespace hourglass::test
