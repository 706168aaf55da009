#pragma once

#include "hourglass/client/client.hpp"
#include "src/client/rpc.hpp"

#include <chrono>
#include <memory>
#include <mutex>

namespace hourglass::testing {

/// The clock of a server that can skip time. Time passes as usual, until somebody waits: then the
/// server skips to the next thing that is due whenever nothing else is going on.
/// @threads any.
class TimeSkipping {
public:
    explicit TimeSkipping(Client client) : client_{std::move(client)} {}

    /// From the first of those who wait to the last one, time is skipped.
    void begin_waiting();
    /// What was waited for counts, whatever becomes of the clock: a call that fails is logged.
    void end_waiting() noexcept;

    /// Returns when that much of the server's time has passed, which takes next to none.
    void sleep(std::chrono::nanoseconds duration);
    [[nodiscard]] std::chrono::system_clock::time_point now() const;

private:
    const Client client_;
    // Held during the calls: the server counts them, and refuses one that comes out of turn.
    std::mutex mutex_;
    int waiting_ = 0;
};

/// A client whose waits for a workflow's result skip time.
[[nodiscard]] Client skipping_client(
    const ClientOptions& options, std::shared_ptr<TimeSkipping> time
);
[[nodiscard]] Client skipping_client(
    const client::RpcContextPtr& context, std::shared_ptr<TimeSkipping> time
);

}  // namespace hourglass::testing
