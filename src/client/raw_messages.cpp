#include "grpc/health/v1/health.pb.h"
#include "hourglass/base/error.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/raw.hpp"

#include "temporal/api/cloud/cloudservice/v1/service.pb.h"
#include "temporal/api/operatorservice/v1/service.pb.h"
#include "temporal/api/testservice/v1/service.pb.h"
#include "temporal/api/workflowservice/v1/service.pb.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace hourglass::raw {

namespace {

struct NamedService {
    std::string_view name;       // as raw_call takes it
    std::string_view full_name;  // as the protos have it
    std::string_view file;
};

// In the order of the enum.
constexpr std::array kServices{
    NamedService{
        "workflow",
        "temporal.api.workflowservice.v1.WorkflowService",
        "temporal/api/workflowservice/v1/service.proto"
    },
    NamedService{
        "operator",
        "temporal.api.operatorservice.v1.OperatorService",
        "temporal/api/operatorservice/v1/service.proto"
    },
    NamedService{
        "cloud",
        "temporal.api.cloud.cloudservice.v1.CloudService",
        "temporal/api/cloud/cloudservice/v1/service.proto"
    },
    NamedService{
        "test",
        "temporal.api.testservice.v1.TestService",
        "temporal/api/testservice/v1/service.proto"
    },
    NamedService{"health", "grpc.health.v1.Health", "grpc/health/v1/health.proto"},
};

// A file without messages is linked only when something of it is used; volatile so that it is.
const void* volatile const kLinked[] = {
    &descriptor_table_temporal_2fapi_2fcloud_2fcloudservice_2fv1_2fservice_2eproto,
    &descriptor_table_temporal_2fapi_2foperatorservice_2fv1_2fservice_2eproto,
    &descriptor_table_temporal_2fapi_2ftestservice_2fv1_2fservice_2eproto,
    &descriptor_table_temporal_2fapi_2fworkflowservice_2fv1_2fservice_2eproto,
    &descriptor_table_grpc_2fhealth_2fv1_2fhealth_2eproto,
};

const NamedService& named(Service service) {
    const auto index = static_cast<std::size_t>(service);
    if (index >= kServices.size()) {
        throw ConfigurationError{
            "raw::Service has no value " + std::to_string(index) + "; use one of its names"
        };
    }
    return kServices[index];
}

const google::protobuf::ServiceDescriptor& descriptor(const NamedService& service) {
    const auto* pool = google::protobuf::DescriptorPool::generated_pool();
    // The file first: a service is known once its file is, and files are read when asked for.
    const auto* file = kLinked[0] ? pool->FindFileByName(std::string{service.file}) : nullptr;
    const auto* found =
        file != nullptr ? pool->FindServiceByName(std::string{service.full_name}) : nullptr;
    if (found == nullptr) {
        throw Error{"the program was linked without " + std::string{service.full_name}};
    }
    return *found;
}

}  // namespace

std::vector<std::string> methods(Service service) {
    const auto& described = descriptor(named(service));
    std::vector<std::string> names;
    for (int i = 0; i < described.method_count(); ++i) {
        const auto& method = *described.method(i);
        if (!method.client_streaming() && !method.server_streaming()) {
            names.push_back(method.name());
        }
    }
    std::ranges::sort(names);
    return names;
}

namespace detail {

std::string check_call(
    Service service,
    const std::string& method,
    const google::protobuf::Descriptor& request,
    const google::protobuf::Descriptor& response
) {
    const NamedService& name = named(service);
    const auto* found = descriptor(name).FindMethodByName(method);
    if (found == nullptr || found->server_streaming() || found->client_streaming()) {
        throw ConfigurationError{
            std::string{name.full_name} + " has no method \"" + method +
            (found == nullptr ? "\"; raw::methods lists those that it has"
                              : "\" that is answered once; streaming ones cannot be called")
        };
    }
    if (found->input_type() != &request) {
        throw ConfigurationError{
            method + " takes a " + found->input_type()->full_name() + ", not a " +
            request.full_name()
        };
    }
    if (found->output_type() != &response) {
        throw ConfigurationError{
            method + " gives a " + found->output_type()->full_name() + ", not a " +
            response.full_name()
        };
    }
    return std::string{name.name};
}

void parse(
    const std::string& method, const std::string& bytes, google::protobuf::Message& response
) {
    if (!response.ParseFromString(bytes)) {
        throw RpcError{RpcCode::Internal, "the answer to " + method + " is no message of its type"};
    }
}

}  // namespace detail
}  // namespace hourglass::raw
