#include "src/cli/codec_server_command.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/codec/codec_endpoint.hpp"
#include "hourglass/convert/conversion_error.hpp"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hourglass::cli {
namespace {

using httplib::Request;
using httplib::Response;

/// As the external storage's payloads are large, so may be requests; a browser sends a page of a
/// history.
constexpr std::size_t kMaxBody = 256UL * 1024 * 1024;

std::string token_of(const CodecServerCommand& command) {
    std::string token;
    if (!command.token_file.empty()) {
        token = read_secret("the token file", command.token_file);
        while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) {
            token.pop_back();
        }
        if (token.empty()) {
            throw ConfigurationError{"the token file " + command.token_file + " is empty"};
        }
    } else if (const char* variable = std::getenv("HOURGLASS_CODEC_TOKEN")) {
        token = variable;
    }
    return token;
}

/// In a time that does not tell how much of it is right.
bool same(std::string_view one, std::string_view other) {
    unsigned difference = one.size() == other.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
        difference |= static_cast<unsigned char>(one[i]) ^ static_cast<unsigned char>(other[i]);
    }
    return difference == 0;
}

/// Addresses; of names only the one that nobody else can have: 127.0.0.1.example may be anybody's.
bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" || host == "[::1]" ||
           (host.starts_with("127.") &&
            host.find_first_not_of("0123456789.") == std::string_view::npos);
}

std::string_view without_port(std::string_view host) {
    const auto colon = host.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
    return has_port ? host.substr(0, colon) : host;
}

bool is_port(std::string_view text) {
    int port = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() && port > 0 &&
           port <= 65535;
}

/// As browsers write it in the header Origin, with which it is compared.
bool is_origin(std::string_view text) {
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos || scheme == 0) {
        return false;
    }
    const std::string_view rest = text.substr(scheme + 3);
    const auto host = without_port(rest);
    const auto port = rest.substr(host.size());
    const bool usual = (text.starts_with("http://") && port == ":80") ||
                       (text.starts_with("https://") && port == ":443");
    return !host.empty() && !usual && (port.empty() || is_port(port.substr(1))) &&
           std::ranges::none_of(
               text, [](unsigned char c) { return c <= ' ' || c >= 0x7F || std::isupper(c) != 0; }
           ) &&
           rest.find_first_of("/\\?#@*") == std::string_view::npos;
}

void check_origin(const std::string& origin) {
    if (!is_origin(origin)) {
        throw ConfigurationError{
            "--origin is \"" + origin +
            "\", which no page has; it must be scheme://host or scheme://host:port in lower case, "
            "without a path, a slash at its end or the scheme's usual port, such as "
            "http://localhost:8233"
        };
    }
}

void refuse(Response& response, int status, const std::string& why) {
    response.status = status;
    response.set_content(why + "\n", "text/plain; charset=utf-8");
}

/// Of kMaxBody at most, which cpp-httplib's own limit is not for what comes compressed, or in
/// chunks.
/// @returns nothing if that was answered.
std::optional<std::string> read_body(const httplib::ContentReader& read, Response& response) {
    std::string body;
    const bool whole = read([&body](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= kMaxBody;
    });
    if (whole) {
        return body;
    }
    if (body.size() > kMaxBody || response.status == 413) {
        refuse(response, 413, "the body has more than " + std::to_string(kMaxBody) + " bytes");
    } else {
        refuse(response, 400, "the body cannot be read");
    }
    return std::nullopt;
}

class CodecServer {
public:
    CodecServer(const CodecServerCommand& command, const DataOptions& data)
        : command_{command}, token_{token_of(command)}, endpoint_{data} {
        if (!is_loopback(command.host) && token_.empty()) {
            throw ConfigurationError{
                "without a token everybody who reaches " + command.host +
                " could have payloads decoded; give --token-file, or stay with --host 127.0.0.1"
            };
        }
        std::ranges::for_each(command.origins, check_origin);
        // cpp-httplib would let several processes share a port.
        server_.set_socket_options([](int socket) {
            const int yes = 1;
            ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        server_.set_payload_max_length(kMaxBody);
        // One request a connection: cpp-httplib leaves the body of one that is refused unread, and
        // would take the rest of it for the next request, with headers of somebody else's making.
        server_.set_keep_alive_max_count(1);
        server_.set_default_headers(
            {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}}
        );
        server_.set_pre_routing_handler([this](const Request& request, Response& response) {
            return admit(request, response) ? httplib::Server::HandlerResponse::Unhandled
                                            : httplib::Server::HandlerResponse::Handled;
        });
        // Behind any path, such as one for each namespace.
        serve("(.*)/encode", &CodecEndpoint::encode);
        serve("(.*)/decode", &CodecEndpoint::decode);
    }

    /// @returns the port.
    int bind() {
        const int port = command_.port == 0 ? server_.bind_to_any_port(command_.host)
                         : server_.bind_to_port(command_.host, command_.port) ? command_.port
                                                                              : -1;
        if (port < 0) {
            throw ConfigurationError{
                "cannot listen on " + command_.host + ":" + std::to_string(command_.port) +
                "; it must be an address of this machine, and a port that is free (0: any)"
            };
        }
        return port;
    }
    void run() {
        server_.listen_after_bind();
        ended_ = true;
        if (!stopping_) {  // it cannot accept any more, and nobody would know
            ::kill(::getpid(), SIGTERM);
        }
    }
    /// Only once it runs: else nothing would end.
    /// @returns false if it had ended by itself.
    bool stop() {
        stopping_ = true;
        while (!server_.is_running() && !ended_) {
            std::this_thread::yield();
        }
        const bool ran = !ended_;
        server_.stop();
        return ran;
    }

private:
    using Work = std::string (CodecEndpoint::*)(const std::string&, const std::string&) const;

    void serve(const char* path, Work what) {
        server_.Post(
            path,
            [this,
             what](const Request& request, Response& response, const httplib::ContentReader& read) {
                if (const auto body = read_body(read, response)) {
                    answer(request, *body, response, what);
                }
            }
        );
    }

    /// Who may ask at all; answers those who may not, and browsers that ask whether they may.
    bool admit(const Request& request, Response& response) const {
        // A page of somebody else's may have a name of its own point to this machine.
        if (token_.empty() && !is_loopback(without_port(request.get_header_value("Host")))) {
            refuse(response, 403, "the server has no token, and serves this machine only");
            return false;
        }
        const std::string origin = request.get_header_value("Origin");
        if (!origin.empty()) {
            if (std::ranges::find(command_.origins, origin) == command_.origins.end()) {
                refuse(response, 403, "pages of " + origin + " may not ask; see --origin");
                return false;
            }
            response.set_header("Access-Control-Allow-Origin", origin);
            response.set_header("Access-Control-Allow-Credentials", "true");
            response.set_header("Vary", "Origin");
        }
        if (request.method == "OPTIONS") {
            response.status = 204;
            response.set_header("Access-Control-Allow-Methods", "POST, OPTIONS");
            response.set_header(
                "Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace"
            );
            response.set_header("Access-Control-Max-Age", "600");
            return false;
        }
        if (!token_.empty() &&
            !same(request.get_header_value("Authorization"), "Bearer " + token_)) {
            response.set_header("WWW-Authenticate", "Bearer");
            refuse(response, 401, "the request has no Authorization: Bearer with the token");
            return false;
        }
        // Elsewhere cpp-httplib would read a body before it says so, however long it is; so it
        // would with a line break in the path, which the patterns of `serve` do not match.
        if (request.method != "POST" || request.path.find_first_of("\r\n") != std::string::npos ||
            !(request.path.ends_with("/encode") || request.path.ends_with("/decode"))) {
            refuse(response, 404, "POST /encode and POST /decode are all there is");
            return false;
        }
        if (!request.get_header_value("Content-Type").starts_with("application/json")) {
            refuse(response, 415, "the body must be application/json");
            return false;
        }
        return true;
    }

    void answer(const Request& request, const std::string& body, Response& response, Work what)
        const {
        try {
            response.set_content(
                (endpoint_.*what)(body, request.get_header_value("X-Namespace")), "application/json"
            );
        } catch (const ConversionError& error) {
            refuse(response, 400, error.what());
        } catch (const Error& error) {
            refuse(response, 422, error.what());
        }
    }

    const CodecServerCommand command_;
    const std::string token_;
    const CodecEndpoint endpoint_;
    httplib::Server server_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> ended_{false};
};

}  // namespace

void serve_codecs(const CodecServerCommand& command, const DataOptions& otherwise) {
    // Before there is a thread: all have it, and the signals come to sigwait alone.
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    const DataOptions data = data_options(command.data, otherwise);
    CodecServer server{command, data};
    const int port = server.bind();
    if (data.codecs.empty() && !data.external_storage) {
        // Else a flag that was forgotten shows nowhere but in a UI that stays encrypted.
        std::cerr
            << "warning: there is no codec, so payloads come back as they are; set --aes-key, "
               "--zlib or --storage-folder, or run a program with codecs of its own\n";
    }
    std::jthread thread{[&server] { server.run(); }};
    std::cout << "codec server at http://" << command.host << ":" << port << std::endl;
    int signal = 0;
    sigwait(&ends, &signal);
    if (!server.stop()) {
        throw Error{"the codec server has stopped, because it could not accept connections"};
    }
}

}  // namespace hourglass::cli
