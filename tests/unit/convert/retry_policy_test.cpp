#include "hourglass/convert/retry_policy.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_retry.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace hourglass {
namespace {

using namespace std::chrono_literals;

std::string error_of(const RetryPolicy& policy) {
    try {
        validate(policy);
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "no error";
}

TEST(RetryPolicies, ThatMakeSenseAreAccepted) {
    EXPECT_EQ(error_of({}), "no error");
    EXPECT_EQ(
        error_of(
            {.initial_interval = 1s,
             .backoff_coefficient = 1.0,
             .maximum_interval = 1s,
             .maximum_attempts = 0}
        ),
        "no error"
    );
}

TEST(RetryPolicies, ThatMakeNoSenseAreRefusedByField) {
    EXPECT_EQ(
        error_of({.initial_interval = 0s}),
        "RetryPolicy::initial_interval is 0 s; it must be longer than 0 s, or unset"
    );
    EXPECT_EQ(
        error_of({.backoff_coefficient = 0.5}),
        "RetryPolicy::backoff_coefficient is 0.5; it must be 1 or more, or unset"
    );
    EXPECT_NE(error_of({.backoff_coefficient = std::nan("")}), "no error");
    EXPECT_EQ(
        error_of({.maximum_interval = -1s}),
        "RetryPolicy::maximum_interval is -1 s; it must be longer than 0 s, or unset"
    );
    EXPECT_EQ(
        error_of({.initial_interval = 2s, .maximum_interval = 1500ms}),
        "RetryPolicy::maximum_interval is 1.5 s; it must be at least as long as initial_interval"
    );
    EXPECT_EQ(
        error_of({.maximum_attempts = -1}),
        "RetryPolicy::maximum_attempts is -1; it must be 0 (no limit) or more, or unset"
    );
}

TEST(RetryPolicies, GoThereAndBackAndLeaveUnsetWhatIsUnset) {
    const RetryPolicy full{
        .initial_interval = 1500ms,
        .backoff_coefficient = 3.0,
        .maximum_interval = 10s,
        .maximum_attempts = 5,
        .non_retryable_error_types = {"A", "B"}
    };
    temporal::api::common::v1::RetryPolicy proto;
    convert::to_proto(full, &proto);
    EXPECT_EQ(proto.initial_interval().nanos(), 500'000'000);
    EXPECT_EQ(convert::from_proto(proto), full);
    convert::to_proto(RetryPolicy{}, &proto);
    EXPECT_FALSE(proto.has_initial_interval());
    EXPECT_FALSE(proto.has_maximum_interval());
    EXPECT_EQ(convert::from_proto(proto), RetryPolicy{});
}

}  // namespace
}  // namespace hourglass
