#include "tests/support/tcp_proxy.hpp"

#include "tests/support/free_port.hpp"

#include <poll.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <fcntl.h>
#include <list>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hourglass::test {
namespace {

using Clock = TcpProxy::Clock;
using Fault = TcpProxy::Fault;

[[noreturn]] void fail(const char* what) {
    throw std::system_error{errno, std::generic_category(), std::string{"TcpProxy: "} + what};
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

class Socket {
public:
    explicit Socket(int fd = -1) : fd_{fd} {}
    Socket(Socket&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket() {
        if (fd_ >= 0) {
            ::close(fd_);
        }
    }
    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool is_open() const { return fd_ >= 0; }
    void close() { *this = Socket{}; }
    /// Its end is an RST, and what was not read or sent is gone.
    void reset() {
        if (fd_ >= 0) {
            const linger at_once{.l_onoff = 1, .l_linger = 0};
            ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
            close();
        }
    }

private:
    int fd_;
};

void no_waiting_for_more(const Socket& socket) {
    const int on = 1;
    ::setsockopt(socket.fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Socket listen_at(std::uint16_t port) {
    Socket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    const int on = 1;
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        fail("bind");
    }
    if (::listen(socket.fd(), SOMAXCONN) != 0) {
        fail("listen");
    }
    return socket;
}

/// What goes from one socket to the other.
struct Direction {
    struct Chunk {
        std::string bytes;
        Clock::time_point due;
    };
    std::deque<Chunk> chunks;
    bool ended = false;  // the sender has closed its side
    bool end_passed_on = false;

    [[nodiscard]] bool is_due(Clock::time_point now) const {
        return !chunks.empty() && chunks.front().due <= now;
    }
    [[nodiscard]] std::size_t size() const {
        std::size_t sum = 0;
        for (const auto& chunk : chunks) {
            sum += chunk.bytes.size();
        }
        return sum;
    }
};

constexpr std::size_t kLongest = 1 << 20;

struct Connection {
    Socket client;
    Socket server;
    Direction up = {};
    Direction down = {};
    bool is_dead = false;  // open, but nothing is passed on any more
};

/// @returns false if the connection is broken.
bool receive(const Socket& from, Direction& to, Clock::time_point due) {
    std::array<char, 65536> buffer;
    const auto got = ::recv(from.fd(), buffer.data(), buffer.size(), 0);
    if (got > 0) {
        to.chunks.push_back({std::string(buffer.data(), static_cast<std::size_t>(got)), due});
    } else if (got == 0) {
        to.ended = true;
    } else if (errno != EAGAIN && errno != EINTR) {
        return false;
    }
    return true;
}

/// @returns false if the connection is broken.
bool send_due(const Socket& to, Direction& what, Clock::time_point now) {
    while (what.is_due(now)) {
        auto& bytes = what.chunks.front().bytes;
        const auto sent = ::send(to.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        bytes.erase(0, static_cast<std::size_t>(sent));
        if (!bytes.empty()) {
            return true;
        }
        what.chunks.pop_front();
    }
    if (what.ended && what.chunks.empty() && !std::exchange(what.end_passed_on, true)) {
        ::shutdown(to.fd(), SHUT_WR);
    }
    return true;
}

}  // namespace

/// The thread that owns all sockets.
class TcpProxy::Loop {
public:
    explicit Loop(std::uint16_t upstream) : upstream_{upstream} {
        thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
    }
    ~Loop() {
        thread_.request_stop();
        wake();
    }
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    const std::uint16_t port = free_port();

    /// Returns when it is in force.
    void set(Fault fault) {
        wanted_ = fault;
        wake();
        for (Fault now = in_force_; now != fault; now = in_force_) {
            in_force_.wait(now);
        }
    }
    void forward_to(std::uint16_t upstream) { upstream_ = upstream; }
    std::vector<Clock::time_point> accepted() const {
        const std::lock_guard lock{mutex_};
        return accepted_;
    }

private:
    void wake() const {
        const std::uint64_t one = 1;
        static_cast<void>(::write(wake_.fd(), &one, sizeof one));
    }

    void run(const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            if (const Fault wanted = wanted_; wanted != in_force_) {
                begin(wanted);
                in_force_ = wanted;
                in_force_.notify_all();
            }
            turn();
        }
    }

    void begin(Fault fault) {
        for (auto& each : connections_) {
            switch (fault) {
                case Fault::Reset:
                case Fault::Refuse:
                    end(each);
                    break;
                case Fault::Blackhole:
                    each.is_dead = true;
                    break;
                case Fault::HalfClose:
                    half_close(each);
                    break;
                case Fault::None:
                case Fault::Delay:
                    if (each.is_dead) {
                        each.server.reset();
                    }
                    break;
            }
        }
        if (fault == Fault::Refuse) {
            listener_.close();
        } else if (!listener_.is_open()) {
            listener_ = listen_at(port);
        }
    }

    static void end(Connection& connection) {
        connection.client.reset();
        connection.server.reset();
    }
    static void half_close(Connection& connection) {
        ::shutdown(connection.client.fd(), SHUT_WR);
        connection.server.reset();
        connection.is_dead = true;
    }

    /// Waits for something to do, and does it.
    void turn() {
        std::vector<pollfd> polled{{wake_.fd(), POLLIN, 0}};
        if (listener_.is_open()) {
            polled.push_back({listener_.fd(), POLLIN, 0});
        }
        const std::size_t first = polled.size();
        const auto now = Clock::now();
        auto wait = std::chrono::milliseconds{1000};
        for (const auto& each : connections_) {
            polled.push_back({each.client.fd(), events(each, each.up, each.down, now), 0});
            polled.push_back({each.server.fd(), events(each, each.down, each.up, now), 0});
            for (const auto* direction : {&each.up, &each.down}) {
                if (!direction->chunks.empty() && !direction->is_due(now)) {
                    wait = std::min(
                        wait,
                        std::chrono::ceil<std::chrono::milliseconds>(
                            direction->chunks.front().due - now
                        )
                    );
                }
            }
        }
        ::poll(polled.data(), polled.size(), static_cast<int>(wait.count()));
        std::uint64_t ignored = 0;
        static_cast<void>(::read(wake_.fd(), &ignored, sizeof ignored));
        std::size_t at = first;
        for (auto& each : connections_) {
            pass_on(each, polled[at].revents, polled[at + 1].revents);
            at += 2;
        }
        connections_.remove_if([](const Connection& each) {
            return !each.client.is_open() && !each.server.is_open();
        });
        if (first == 2 && (polled[1].revents & POLLIN) != 0) {
            accept();
        }
    }

    /// What to wait for at the socket that `in` comes from and `out` goes to.
    static short events(
        const Connection& connection,
        const Direction& in,
        const Direction& out,
        Clock::time_point now
    ) {
        if (connection.is_dead) {
            return POLLRDHUP;
        }
        const bool more = !in.ended && in.size() < kLongest;
        return static_cast<short>((more ? POLLIN : 0) | (out.is_due(now) ? POLLOUT : 0));
    }

    void pass_on(Connection& connection, short client, short server) {
        constexpr short kNews = POLLIN | POLLHUP | POLLERR;
        if (connection.is_dead) {
            // Neither side hears of the other's end.
            constexpr short kEnd = POLLRDHUP | POLLHUP | POLLERR;
            if ((client & kEnd) != 0) {
                connection.client.close();
            }
            if ((server & kEnd) != 0) {
                connection.server.close();
            }
            return;
        }
        const auto now = Clock::now();
        const auto due = in_force_ == Fault::Delay ? now + kDelay : now;
        bool ok = true;
        if ((client & kNews) != 0 && !connection.up.ended) {
            ok = receive(connection.client, connection.up, due);
        }
        if (ok && (server & kNews) != 0 && !connection.down.ended) {
            ok = receive(connection.server, connection.down, due);
        }
        ok = ok && send_due(connection.server, connection.up, now) &&
             send_due(connection.client, connection.down, now);
        if (!ok || (connection.up.end_passed_on && connection.down.end_passed_on)) {
            end(connection);
        }
    }

    void accept() {
        Socket client{::accept4(listener_.fd(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
        if (!client.is_open()) {
            return;
        }
        {
            const std::lock_guard lock{mutex_};
            accepted_.push_back(Clock::now());
        }
        // On the loopback connecting takes no time: it works at once, or is refused at once.
        Socket server{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
        const auto address = loopback(upstream_);
        const bool works =
            ::connect(server.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0;
        const Fault fault = in_force_;
        if (!works || fault == Fault::Reset) {
            client.reset();
            return;
        }
        ::fcntl(server.fd(), F_SETFL, O_NONBLOCK);
        no_waiting_for_more(client);
        no_waiting_for_more(server);
        connections_.push_back({.client = std::move(client), .server = std::move(server)});
        if (fault == Fault::Blackhole) {
            connections_.back().is_dead = true;
        } else if (fault == Fault::HalfClose) {
            half_close(connections_.back());
        }
    }

    std::atomic<std::uint16_t> upstream_;
    std::atomic<Fault> wanted_{Fault::None};
    std::atomic<Fault> in_force_{Fault::None};
    mutable std::mutex mutex_;
    std::vector<Clock::time_point> accepted_;
    Socket wake_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    Socket listener_ = listen_at(port);
    std::list<Connection> connections_;
    std::jthread thread_;
};

TcpProxy::TcpProxy(std::uint16_t upstream) : loop_{std::make_unique<Loop>(upstream)} {}

TcpProxy::~TcpProxy() = default;

std::string TcpProxy::address() const {
    return "127.0.0.1:" + std::to_string(loop_->port);
}

void TcpProxy::set(Fault fault) {
    loop_->set(fault);
}

void TcpProxy::forward_to(std::uint16_t upstream) {
    loop_->forward_to(upstream);
}

std::vector<TcpProxy::Clock::time_point> TcpProxy::accepted() const {
    return loop_->accepted();
}

}  // namespace hourglass::test
