#include "src/subsystem/http_server.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/subsystem/http_loop.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace hourglass::subsystem {
namespace {

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

/// cpp-httplib's server for the address, the heads and the answers; connections are the HttpLoop's.
class Server final : public httplib::Server {
public:
    Server() {
        set_socket_options(only_reuse_address);
        set_default_headers(safe_headers());
    }

    /// The socket that it is bound to, for somebody else to accept on.
    UniqueFd take_listener() {
        UniqueFd listener{svr_sock_.exchange(INVALID_SOCKET)};
        ::fcntl(listener.get(), F_SETFD, FD_CLOEXEC);
        ::fcntl(listener.get(), F_SETFL, O_NONBLOCK);
        ::listen(listener.get(), SOMAXCONN);  // cpp-httplib lets five wait
        return listener;
    }

    void answer(HttpConnection& connection) {
        bool closed = true;
        // One request a connection, so that an idle one takes no place.
        process_request(connection, true, closed, nullptr);
    }
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

bool is_loopback_address(int socket) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
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
    std::optional<HttpLoop> loop;
    std::thread thread;
};

HttpServer::HttpServer(
    const std::string& address, std::uint16_t port, std::chrono::milliseconds limit
)
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
    impl_->address = with_port(address, bound);
    UniqueFd listener = impl_->server->take_listener();
    impl_->loopback = is_loopback_address(listener.get());
    impl_->loop.emplace(
        std::move(listener),
        impl_->address,
        limit,
        [server = impl_->server.get()](HttpConnection& connection) { server->answer(connection); }
    );
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
    impl_->thread = std::thread{[loop = &*impl_->loop] { loop->run(); }};
}

void HttpServer::stop() {
    impl_->loop->end();
    if (impl_->thread.joinable()) {
        impl_->thread.join();
    }
}

}  // namespace hourglass::subsystem
