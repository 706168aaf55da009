#pragma once

#include "hourglass/client/count.hpp"
#include "src/convert/proto_payload.hpp"

namespace hourglass::client {

/// The service's counts all have the same shape.
template <class Response>
[[nodiscard]] Count to_count(const Response& response) {
    Count count;
    count.total = response.count();
    for (const auto& group : response.groups()) {
        count.groups.push_back(
            {.values = convert::from_proto(group.group_values()), .count = group.count()}
        );
    }
    return count;
}

}  // namespace hourglass::client
