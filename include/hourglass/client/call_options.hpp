#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

namespace hourglass {

/// How a call is made again after a failure that may pass, such as an outage of the server.
struct RpcRetryPolicy {
    /// Before the second attempt, > 0 ms.
    std::chrono::milliseconds initial_interval{100};
    /// What each interval is multiplied by to get the next one, >= 1.
    double backoff_coefficient = 1.7;
    /// Caps the intervals, >= initial_interval.
    std::chrono::milliseconds maximum_interval = std::chrono::seconds{5};
    /// The first attempt included; 1: no retry, 0: no limit but the call's time.
    int maximum_attempts = 0;
};

/// How single calls are made: `client.with({.timeout = 2s}).start(…)`, `order.with({.stop_token =
/// token}).result()`. What is not set is as the client has it.
struct CallOptions {
    /// Limit of one call from its start to its answer, attempts and waits between them included; of
    /// a whole wait for a result or an update's outcome, too, if that has no limit of its own. > 0
    /// ms.
    std::optional<std::chrono::milliseconds> timeout = {};
    /// The moment at which everything called with these options must have its answer; the earlier
    /// one counts if there is a timeout, too.
    std::optional<std::chrono::steady_clock::time_point> deadline = {};
    /// Ends the calls with CallCancelledError when a stop is requested; the server may have carried
    /// them out all the same.
    std::stop_token stop_token = {};
    /// Metadata of gRPC, sent besides the client's own and instead of its entries with the same
    /// key. Keys in lower case; one that ends in "-bin" has bytes as its value, others have
    /// printable ASCII.
    std::map<std::string, std::string> metadata = {};
    std::optional<RpcRetryPolicy> retry_policy = {};
};

/// @throws ConfigurationError naming the field, its value and what it must be.
void validate(const CallOptions& options);

namespace detail {
/// `base` with what `more` sets; metadata of both.
[[nodiscard]] CallOptions merged(CallOptions base, CallOptions more);
}  // namespace detail

}  // namespace hourglass
