#pragma once

#include "src/base/backoff.hpp"
#include "src/client/callback_pool.hpp"
#include "src/client/rpc_channel.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace google::protobuf {
class Message;
}
namespace hourglass::codec {
class PayloadPipeline;
}

namespace hourglass::client {

/// How long the answer to a task is sent again and again to a server that is away. It is worth
/// keeping: the work is done, and the server would only hear of it by a timeout.
inline constexpr std::chrono::hours kAnswersKeptFor{1};

/// Says in the log that calls of a client wait for a server that does not answer: once for all of
/// them, and once when one is answered again.
/// @threads any.
class WaitingLog {
public:
    void waits(const std::string& method, const RpcFailure& why);
    void answered(const std::string& method);

private:
    std::atomic<bool> waiting_ = false;
};

/// What all calls of a client share.
struct CallSettings {
    std::shared_ptr<RpcChannel> channel;
    CallbackPool* pool = &CallbackPool::shared();
    /// Between attempts, as Temporal's other clients wait.
    BackoffPolicy backoff = {.factor = 1.7, .longest = std::chrono::seconds{5}};
    /// The server asked for less load, with ResourceExhausted.
    BackoffPolicy backoff_when_exhausted = {
        .first = std::chrono::seconds{1}, .factor = 1.7, .longest = std::chrono::seconds{5}
    };
    /// A long poll that the server has not ended by itself by then has lost its connection.
    std::chrono::milliseconds long_poll_attempt = std::chrono::seconds{70};
    std::shared_ptr<WaitingLog> waiting = std::make_shared<WaitingLog>();
    /// What happens to payloads on the way; null: nothing. See `coded_call`.
    std::shared_ptr<const codec::PayloadPipeline> payloads = {};
};

/// A call with its attempts.
struct CallSpec {
    RpcService service = RpcService::Workflow;
    std::string method = {};
    std::string body = {};
    /// From now until the answer; none: until there is one; 0: it is too late, nothing is sent.
    std::optional<std::chrono::milliseconds> timeout = {};
    bool long_poll = false;
    /// Ends the call once the server has been away for that long; none: only `timeout` ends it.
    std::optional<std::chrono::milliseconds> outage_limit = {};
    std::map<std::string, std::string> metadata = {};
    /// The type of `body`, if its payloads and those of the answer are to be encoded and decoded.
    const google::protobuf::Message* coded_as = nullptr;
    /// Ends the call with `stopped_call()`.
    std::stop_token stop = {};
    /// Instead of the settings'; 0 attempts: no limit.
    std::optional<BackoffPolicy> backoff = {};
    int maximum_attempts = 0;
};

/// What a call that its own stop token ended failed with.
[[nodiscard]] RpcFailure stopped_call();

/// Makes the call, again and again after transient failures, until its timeout.
///
/// After the timeout the answer is the last transient failure, or DeadlineExceeded if there was
/// none: a server that is down is reported as such. A long poll that ends without an answer is made
/// again at once; with a server that is away it backs off. `callback` runs exactly once, on a
/// thread of the channel or of the pool; it neither throws nor blocks.
/// @threads any.
void call(const CallSettings& settings, CallSpec spec, RpcCallback callback);

/// Whether an attempt that failed so may be followed by another one: what Core's client retries,
/// too.
[[nodiscard]] bool is_transient(RpcCode code);

}  // namespace hourglass::client
