#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace hourglass::subsystem {

struct HttpRequest {
    std::string method = {};
    std::string path = {};  ///< decoded, without the query
    std::string host = {};  ///< the Host header; may be empty
};

struct HttpResponse {
    int status = 200;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body = {};  ///< not sent to a HEAD
};

/// A small HTTP server for short answers: two kinds of threads, one that reads and writes and four
/// that answer, none per client. Each connection serves one request and has its time in all,
/// counted from its accept, however slow its client is; beyond 64 connections the oldest makes
/// place.
/// @threads any; the handler runs on up to four threads at a time.
class HttpServer {
public:
    using Handler = std::function<HttpResponse(const HttpRequest&)>;

    /// Listens from now on; who connects waits for `serve`.
    /// @param port  0: a free one.
    /// @param limit  of a connection, from its accept to its last byte.
    /// @throws ConfigurationError naming the address if it cannot listen there.
    HttpServer(
        const std::string& address,
        std::uint16_t port,
        std::chrono::milliseconds limit = std::chrono::seconds{5}
    );
    /// As `stop()`.
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// "127.0.0.1:8080", "[::1]:8080".
    [[nodiscard]] const std::string& address() const;
    /// Whether only this machine can connect.
    [[nodiscard]] bool is_loopback() const;

    /// Starts the threads. Once.
    void serve(Handler handler);
    /// Refuses new connections, cuts off the clients that have not sent their request, and returns
    /// when no handler runs any more. Idempotent.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hourglass::subsystem
