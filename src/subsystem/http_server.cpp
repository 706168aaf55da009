#include "src/subsystem/http_server.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/base/fork.hpp"
#include "src/subsystem/http_connection.hpp"

#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <unordered_set>
#include <utility>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kThreads = 4;
constexpr std::size_t kMaxWaiting = 64;
constexpr auto kDeadline = 5s;  // of a connection, from its first to its last byte

// Set while the accepting thread runs a connection by itself, to close it.
thread_local bool refusing = false;

/// cpp-httplib's threads, with a limit to what waits for them: file descriptors that wait here are
/// missing elsewhere in the process.
class BoundedPool final : public httplib::TaskQueue {
public:
    void enqueue(std::function<void()> connection) override {
        if (waiting_ >= kMaxWaiting) {
            refusing = true;
            connection();
            refusing = false;
            return;
        }
        ++waiting_;
        threads_.enqueue([this, connection = std::move(connection)] {
            --waiting_;
            connection();
        });
    }
    void shutdown() override { threads_.shutdown(); }

private:
    std::atomic<std::size_t> waiting_{0};
    httplib::ThreadPool threads_{kThreads};
};

// cpp-httplib would let several processes share a port, so that nobody knows whose page it is.
void only_reuse_address(int socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

httplib::Headers safe_headers() {
    return {
        {"Cache-Control", "no-store"},
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src "
         "data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"Referrer-Policy", "no-referrer"},
        {"X-Content-Type-Options", "nosniff"},
    };
}

/// cpp-httplib's server, except that connections are HttpConnections, and that its end cuts them
/// off.
class Server final : public httplib::Server {
public:
    Server() {
        new_task_queue = [] { return new BoundedPool; };
        set_socket_options(only_reuse_address);
        set_default_headers(safe_headers());
    }
    ~Server() override {
        if (svr_sock_ != INVALID_SOCKET && !listened_) {
            closed_in_child_.reset();
            ::close(svr_sock_);
        }
    }

    /// Once it is bound: in a forked child the port must not stay taken when the parent has let it
    /// go, nor anybody wait who connects.
    void close_in_child() { closed_in_child_.emplace(svr_sock_); }

    [[nodiscard]] sockaddr_storage bound_to() const {
        sockaddr_storage address{};
        socklen_t size = sizeof address;
        ::getsockname(svr_sock_, reinterpret_cast<sockaddr*>(&address), &size);
        return address;
    }

    /// Returns after `end`, when all connections are closed.
    void listen_until_end() {
        listened_ = true;
        listen_after_bind();
        const std::lock_guard lock{mutex_};
        socket_is_closed_ = true;  // its number may be another one's by now
        if (!ended_) {
            log::error(
                "the status page has ended: the system refused it a connection, and its probes "
                "answer no more"
            );
        }
    }

    /// httplib's own `stop` closes the socket while another thread may be about to accept on it.
    /// This way that thread finds it shut down, at any time, and closes it itself.
    void end() {
        const std::lock_guard lock{mutex_};
        ended_ = true;
        if (!socket_is_closed_) {
            closed_in_child_.reset();  // the listening thread closes it
            ::shutdown(svr_sock_, SHUT_RDWR);
        }
        for (const int socket : open_) {
            ::shutdown(socket, SHUT_RDWR);
        }
    }

private:
    bool process_and_close_socket(socket_t socket) override {
        ::fcntl(socket, F_SETFD, FD_CLOEXEC);
        bool answered = false;
        if (!refusing && enter(socket)) {
            const fork::ClosedInChild mine_alone{socket};
            answered = answer(socket);
            const std::lock_guard lock{mutex_};
            open_.erase(socket);  // before another connection can get its number
        }
        ::close(socket);
        return answered;
    }

    bool enter(int socket) {
        const std::lock_guard lock{mutex_};
        return !ended_ && open_.insert(socket).second;
    }

    bool answer(int socket) {
        HttpConnection connection{socket, std::chrono::steady_clock::now() + kDeadline};
        bool closed = true;
        // One request a connection, so that an idle one occupies no thread.
        if (!connection.read_head() || !process_request(connection, true, closed, nullptr)) {
            return false;
        }
        connection.linger();
        return true;
    }

    std::atomic<bool> listened_{false};
    std::mutex mutex_;
    std::unordered_set<int> open_;
    std::optional<fork::ClosedInChild> closed_in_child_;
    bool ended_ = false;
    bool socket_is_closed_ = false;
};

/// cpp-httplib's constructor ignores SIGPIPE for the whole process. That is the program's decision,
/// and not needed here: the connections send without it.
std::unique_ptr<Server> make_server() {
    struct sigaction before{};
    ::sigaction(SIGPIPE, nullptr, &before);
    auto server = std::make_unique<Server>();
    ::sigaction(SIGPIPE, &before, nullptr);
    return server;
}

bool is_loopback_address(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
        return ntohl(v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
    return address.ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}

std::string with_port(const std::string& host, int port) {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

struct HttpServer::Impl {
    std::unique_ptr<Server> server = make_server();
    std::string address;
    bool loopback = false;
    std::thread listener;
};

HttpServer::HttpServer(const std::string& address, std::uint16_t port)
    : impl_{std::make_unique<Impl>()} {
    errno = 0;
    // An empty name would mean every address of the machine, which nobody asked for.
    const int bound = address.empty() ? -1
                      : port == 0     ? impl_->server->bind_to_any_port(address)
                      : impl_->server->bind_to_port(address, port) ? port
                                                                   : -1;
    if (bound < 0) {
        const int why = errno;
        throw ConfigurationError{
            "cannot listen on '" + with_port(address, port) + "'" +
            (why != 0 ? " (" + std::generic_category().message(why) + ")" : "") +
            "; it must be an address of this machine, and a port that is free and that this "
            "process may use (0: any)"
        };
    }
    impl_->server->close_in_child();
    impl_->address = with_port(address, bound);
    impl_->loopback = is_loopback_address(impl_->server->bound_to());
}

HttpServer::~HttpServer() {
    stop();
}

const std::string& HttpServer::address() const {
    return impl_->address;
}

bool HttpServer::is_loopback() const {
    return impl_->loopback;
}

void HttpServer::serve(Handler handler) {
    Server& server = *impl_->server;
    // Before httplib's own routing, which has one table a method and reads bodies.
    server.set_pre_routing_handler([handler = std::move(handler)](
                                       const httplib::Request& request, httplib::Response& response
                                   ) {
        HttpResponse answer =
            handler({request.method, request.path, request.get_header_value("Host")});
        response.status = answer.status;
        if (answer.status == 405) {
            response.set_header("Allow", "GET, HEAD");
        }
        response.set_content(answer.body, answer.content_type);
        return httplib::Server::HandlerResponse::Handled;
    });
    server.set_exception_handler([](const httplib::Request& request,
                                    httplib::Response& response,
                                    std::exception_ptr error) {
        std::string what = "not a std::exception";
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& known) {
            what = known.what();
        } catch (...) {  // `what` says it
        }
        log::error("the status page could not answer", {{"path", request.path}, {"error", what}});
        response.status = 500;
        response.set_content("internal error, see the log\n", "text/plain; charset=utf-8");
    });
    impl_->listener = std::thread{[&server] { server.listen_until_end(); }};
}

void HttpServer::stop() {
    if (impl_->listener.joinable()) {
        impl_->server->end();
        impl_->listener.join();
    }
}

}  // namespace hourglass::subsystem
