#pragma once

#include "hourglass/convert/retry_policy.hpp"

#include "temporal/api/common/v1/message.pb.h"

namespace hourglass::convert {

/// Overwrites the target; unset fields stay unset.
void to_proto(const RetryPolicy& policy, temporal::api::common::v1::RetryPolicy* proto);
/// Zeroes mean unset, as the server reads them.
[[nodiscard]] RetryPolicy from_proto(const temporal::api::common::v1::RetryPolicy& proto);

}  // namespace hourglass::convert
