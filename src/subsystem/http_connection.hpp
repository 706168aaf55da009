#pragma once

// Before everything else: it defines feature macros and includes the system's headers.
#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <string>

namespace hourglass::subsystem {

/// One accepted connection, for one request: its head is read as a whole, within a deadline and a
/// size, before cpp-httplib parses it. So neither a slow nor an endless client holds a thread
/// longer than the deadline. Bodies are not read: nothing here takes one.
/// @threads one. It does not own the socket.
class HttpConnection final : public httplib::Stream {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    HttpConnection(int socket, TimePoint deadline) : socket_{socket}, deadline_{deadline} {}

    /// @returns false if the client went away, was too slow, or sent too much.
    bool read_head();
    /// After the answer: lets the client read it. Closing at once, with a body unread, would reset
    /// the connection and could take the answer from it.
    void linger();

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override;
    ssize_t write(const char* from, size_t size) override;
    void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    /// Asked for only to see whether `select` could take it. Here `poll` waits, which has no limit.
    socket_t socket() const override { return 0; }

private:
    [[nodiscard]] bool wait_for(short event, TimePoint deadline) const;

    const int socket_;
    const TimePoint deadline_;
    std::string head_;
    std::size_t read_ = 0;  // of the head, by cpp-httplib
};

/// The head without its Range headers: no answer here has parts, and cpp-httplib reads them with a
/// regular expression that recurses once a character.
[[nodiscard]] std::string without_ranges(const std::string& head);

}  // namespace hourglass::subsystem
