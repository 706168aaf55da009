#pragma once

#include "src/base/fork.hpp"
#include "src/base/unique_fd.hpp"

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace hourglass::subsystem {

/// One accepted connection, for one request: its head is read as a whole, answered, and the answer
/// written, each as far as the socket can at the moment. To cpp-httplib, which parses the head and
/// makes the answer, it is a stream in memory. Bodies are not read: nothing here takes one.
/// @threads one at a time.
class HttpConnection final : public httplib::Stream {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    enum class State : std::uint8_t {
        Reading,    ///< its head
        Answering,  ///< the head is there; nothing moves until `answered`
        Writing,    ///< the answer
        Lingering,  ///< until the client has read it; a close with a body unread would take it away
        Over,       ///< by itself, or because the client went away or sent too much
    };

    /// @param socket  does not block.
    HttpConnection(UniqueFd socket, TimePoint deadline)
        : socket_{std::move(socket)}, deadline_{deadline} {}

    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] int descriptor() const { return socket_.get(); }
    /// What `poll` is to wait for before `move` is called again; 0 while it is being answered.
    [[nodiscard]] short waits_for() const;
    /// When it is to be closed, however far it has come.
    [[nodiscard]] TimePoint deadline() const { return deadline_; }

    /// Reads or writes what can be without waiting.
    void move();
    /// The answer has been written into the stream.
    void answered();

    bool is_readable() const override { return true; }
    bool is_writable() const override { return true; }
    ssize_t read(char* to, size_t size) override;
    ssize_t write(const char* from, size_t size) override;
    void get_remote_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    void get_local_ip_and_port(std::string& /*ip*/, int& /*port*/) const override {}
    /// Asked for only to see whether `select` could take it. Here `poll` waits, which has no limit.
    socket_t socket() const override { return 0; }

private:
    void read_head();
    void write_answer();
    void linger();

    UniqueFd socket_;
    fork::ClosedInChild mine_alone_{socket_.get()};
    TimePoint deadline_;
    State state_ = State::Reading;
    std::string head_;
    std::size_t read_ = 0;  // of the head, by cpp-httplib
    std::string answer_;
    std::size_t written_ = 0;  // of the answer, to the socket
    std::size_t dropped_ = 0;  // of what the client sent after its head
};

/// The head without its Range headers: no answer here has parts, and cpp-httplib reads them with a
/// regular expression that recurses once a character.
[[nodiscard]] std::string without_ranges(const std::string& head);

}  // namespace hourglass::subsystem
