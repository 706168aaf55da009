#pragma once

#include <hourglass/client/client.hpp>

#include <string>

namespace hourglass::test {

/// Makes an endpoint whose requests go to a queue of the client's namespace, and returns when
/// workflows can call it.
/// @returns its name, which no other test uses.
/// @throws std::runtime_error if it cannot be called after 20 s.
[[nodiscard]] std::string make_nexus_endpoint(const Client& client, const std::string& task_queue);

}  // namespace hourglass::test
