#include "hourglass/client/call_options.hpp"

#include "hourglass/base/error.hpp"

#include <algorithm>
#include <utility>

namespace hourglass {

namespace {

using std::chrono::milliseconds;

[[noreturn]] void reject(const std::string& text) {
    throw ConfigurationError{text};
}

void check(const RpcRetryPolicy& policy) {
    if (policy.initial_interval <= milliseconds{0}) {
        reject(
            "RpcRetryPolicy::initial_interval is " +
            std::to_string(policy.initial_interval.count()) + " ms; it must be greater than 0"
        );
    }
    if (!(policy.backoff_coefficient >= 1)) {
        reject(
            "RpcRetryPolicy::backoff_coefficient is " + std::to_string(policy.backoff_coefficient) +
            "; it must be at least 1"
        );
    }
    if (policy.maximum_interval < policy.initial_interval) {
        reject(
            "RpcRetryPolicy::maximum_interval is " +
            std::to_string(policy.maximum_interval.count()) +
            " ms; it must be at least initial_interval, " +
            std::to_string(policy.initial_interval.count()) + " ms"
        );
    }
    if (policy.maximum_attempts < 0) {
        reject(
            "RpcRetryPolicy::maximum_attempts is " + std::to_string(policy.maximum_attempts) +
            "; it must be 0 (no limit) or more"
        );
    }
}

// What gRPC allows in a key.
bool is_key(const std::string& key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

bool is_printable(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

void validate(const CallOptions& options) {
    if (options.timeout && *options.timeout <= milliseconds{0}) {
        reject(
            "CallOptions::timeout is " + std::to_string(options.timeout->count()) +
            " ms; it must be greater than 0, or not set"
        );
    }
    for (const auto& [key, value] : options.metadata) {
        if (!is_key(key) || key.starts_with("grpc-")) {
            reject(
                "CallOptions::metadata has the key \"" + key +
                "\"; a key has lower case letters, digits, '-', '_' and '.', and does not begin "
                "with grpc-"
            );
        }
        if (!key.ends_with("-bin") && !is_printable(value)) {
            reject(
                "the value of \"" + key +
                "\" in CallOptions::metadata is not printable ASCII; send bytes under a key that "
                "ends in -bin"
            );
        }
    }
    if (options.retry_policy) {
        check(*options.retry_policy);
    }
}

namespace detail {

CallOptions merged(CallOptions base, CallOptions more) {
    if (more.timeout) {
        base.timeout = more.timeout;
    }
    if (more.deadline) {
        base.deadline = more.deadline;
    }
    if (more.stop_token.stop_possible()) {
        base.stop_token = std::move(more.stop_token);
    }
    for (auto& [key, value] : more.metadata) {
        base.metadata.insert_or_assign(key, std::move(value));
    }
    if (more.retry_policy) {
        base.retry_policy = more.retry_policy;
    }
    return base;
}

}  // namespace detail
}  // namespace hourglass
