#include "tests/support/nexus_endpoint.hpp"

#include "tests/support/test_server.hpp"
#include <hourglass/raw.hpp>

#include "temporal/api/operatorservice/v1/request_response.pb.h"

#include <algorithm>

namespace hourglass::test {

std::string make_nexus_endpoint(const Client& client, const std::string& task_queue) {
    // Endpoints have names of their own kind: no dots, and no dash at the end.
    const std::string name = unique("endpoint");
    temporal::api::operatorservice::v1::CreateNexusEndpointRequest request;
    request.mutable_spec()->set_name(name);
    auto& worker = *request.mutable_spec()->mutable_target()->mutable_worker();
    worker.set_namespace_(client.namespace_name());
    worker.set_task_queue(task_queue);
    static_cast<void>(
        raw_call(client, "operator", "CreateNexusEndpoint", request.SerializeAsString())
    );
    return name;
}

}  // namespace hourglass::test
