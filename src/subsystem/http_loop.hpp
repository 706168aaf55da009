#pragma once

#include "src/base/backoff.hpp"
#include "src/base/fork.hpp"
#include "src/base/outage_log.hpp"
#include "src/base/unique_fd.hpp"
#include "src/subsystem/http_connection.hpp"

#include <poll.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::subsystem {

/// Moves the bytes of all connections on one thread, each as far as it can, and has the requests
/// that are complete answered on four others: a client holds no thread, however slow it is.
///
/// There are 64 connections at most. One more takes the place of the oldest that is not being
/// answered, so that slow clients do not shut out a probe. When the system has none to give, it is
/// asked again after a while.
class HttpLoop {
public:
    /// Writes the answer to the head that the connection has. Must not throw.
    using Answer = std::function<void(HttpConnection&)>;

    /// @param listener  bound and listening.
    /// @param address  for log lines.
    /// @param limit  of a connection, from its accept to its last byte.
    /// @throws std::system_error if the system has no file descriptor left.
    HttpLoop(
        UniqueFd listener, std::string address, std::chrono::milliseconds limit, Answer answer
    );

    /// Returns after `end`, when everything is closed and nothing is being answered. Once.
    void run();
    /// @threads any; idempotent.
    void end() noexcept;

private:
    using Connection = std::shared_ptr<HttpConnection>;

    /// In the order of `poll`'s answers: the two of this object first, then the connections.
    [[nodiscard]] std::vector<pollfd> what_to_wait_for() const;
    void wait(std::vector<pollfd>& events) const;
    void accept_all();
    /// @returns false if there is no place.
    bool make_place();
    void take_answered();
    void hand_over(const Connection& connection);

    UniqueFd listener_;
    // In a forked child the port must not stay taken when the parent has let it go, nor anybody
    // wait who connects.
    std::optional<fork::ClosedInChild> listener_is_mine_alone_;
    const std::string address_;
    const std::chrono::milliseconds limit_;
    const Answer answer_;
    const UniqueFd wake_;
    std::optional<httplib::ThreadPool> threads_;  // while it runs
    std::list<Connection> connections_;           // the oldest first
    HttpConnection::TimePoint accepts_again_{};
    Backoff backoff_;
    OutageLog outage_{"the status page cannot accept connections", "it accepts connections again"};

    std::atomic<bool> ended_{false};
    std::mutex mutex_;
    std::vector<Connection> answered_;
};

}  // namespace hourglass::subsystem
