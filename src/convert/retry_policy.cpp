#include "hourglass/convert/retry_policy.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_retry.hpp"
#include "src/convert/proto_time.hpp"

#include <sstream>

namespace hourglass {
namespace {

template <class T>
[[noreturn]] void reject(const char* field, const T& value, const char* expected) {
    std::ostringstream text;
    text << "RetryPolicy::" << field << " is " << value << "; it must be " << expected;
    throw ConfigurationError{text.str()};
}

std::string in_seconds(std::chrono::nanoseconds duration) {
    std::ostringstream text;
    text << std::chrono::duration<double>{duration}.count() << " s";
    return text.str();
}

}  // namespace

void validate(const RetryPolicy& policy) {
    using std::chrono::nanoseconds;
    if (policy.initial_interval && *policy.initial_interval <= nanoseconds::zero()) {
        reject(
            "initial_interval", in_seconds(*policy.initial_interval), "longer than 0 s, or unset"
        );
    }
    // Written so that NaN fails, too.
    if (policy.backoff_coefficient && !(*policy.backoff_coefficient >= 1.0)) {
        reject("backoff_coefficient", *policy.backoff_coefficient, "1 or more, or unset");
    }
    if (policy.maximum_interval && *policy.maximum_interval <= nanoseconds::zero()) {
        reject(
            "maximum_interval", in_seconds(*policy.maximum_interval), "longer than 0 s, or unset"
        );
    }
    if (policy.maximum_interval && policy.initial_interval &&
        *policy.maximum_interval < *policy.initial_interval) {
        reject(
            "maximum_interval",
            in_seconds(*policy.maximum_interval),
            "at least as long as initial_interval"
        );
    }
    if (policy.maximum_attempts && *policy.maximum_attempts < 0) {
        reject("maximum_attempts", *policy.maximum_attempts, "0 (no limit) or more, or unset");
    }
}

namespace convert {

void to_proto(const RetryPolicy& policy, temporal::api::common::v1::RetryPolicy* proto) {
    proto->Clear();
    if (policy.initial_interval) {
        to_proto(*policy.initial_interval, proto->mutable_initial_interval());
    }
    proto->set_backoff_coefficient(policy.backoff_coefficient.value_or(0));
    if (policy.maximum_interval) {
        to_proto(*policy.maximum_interval, proto->mutable_maximum_interval());
    }
    proto->set_maximum_attempts(policy.maximum_attempts.value_or(0));
    for (const std::string& type : policy.non_retryable_error_types) {
        proto->add_non_retryable_error_types(type);
    }
}

RetryPolicy from_proto(const temporal::api::common::v1::RetryPolicy& proto) {
    RetryPolicy policy{
        .initial_interval = if_set(proto.has_initial_interval(), proto.initial_interval()),
        .maximum_interval = if_set(proto.has_maximum_interval(), proto.maximum_interval()),
        .non_retryable_error_types =
            {proto.non_retryable_error_types().begin(), proto.non_retryable_error_types().end()}
    };
    if (proto.backoff_coefficient() != 0) {
        policy.backoff_coefficient = proto.backoff_coefficient();
    }
    if (proto.maximum_attempts() != 0) {
        policy.maximum_attempts = proto.maximum_attempts();
    }
    return policy;
}

}  // namespace convert
}  // namespace hourglass
