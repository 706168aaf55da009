#include "tests/support/nexus_endpoint.hpp"

#include "tests/support/test_server.hpp"
#include <hourglass/client/nexus_endpoints.hpp>

namespace hourglass::test {

std::string make_nexus_endpoint(const Client& client, const std::string& task_queue) {
    // Endpoints have names of their own kind: no dots, and no dash at the end.
    const admin::NexusEndpointSpec spec{
        .name = unique("endpoint"), .target = {.task_queue = task_queue}
    };
    return admin::create_nexus_endpoint(client, spec).spec.name;
}

}  // namespace hourglass::test
