#pragma once

#include <hourglass/client/client.hpp>

#include <string>

namespace hourglass::test {

/// Makes an endpoint whose requests go to a queue of the client's namespace. The server learns of
/// it a moment later: the task of a workflow that calls it before is tried again, a client's start
/// is refused.
/// @returns its name, which no other test uses.
[[nodiscard]] std::string make_nexus_endpoint(const Client& client, const std::string& task_queue);

}  // namespace hourglass::test
