#include "src/core/connection.hpp"

#include "temporal/api/operatorservice/v1/service.pb.h"
#include "temporal/api/testservice/v1/service.pb.h"
#include "temporal/api/workflowservice/v1/service.pb.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <string>

namespace hourglass::core {
namespace {

// A file without messages is linked only when something of it is used; volatile so that it is.
const void* volatile const kLinked[] = {
    &descriptor_table_temporal_2fapi_2foperatorservice_2fv1_2fservice_2eproto,
    &descriptor_table_temporal_2fapi_2ftestservice_2fv1_2fservice_2eproto,
    &descriptor_table_temporal_2fapi_2fworkflowservice_2fv1_2fservice_2eproto
};

/// The bridge must know every method that the protos have: both come from the same files.
void expect_all_methods(Service service, const std::string& folder) {
    ASSERT_NE(kLinked[0], nullptr);
    const std::string path = "temporal/api/" + folder + "/v1/service.proto";
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(path);
    ASSERT_NE(file, nullptr) << path;
    ASSERT_EQ(file->service_count(), 1) << path;
    const google::protobuf::ServiceDescriptor& described = *file->service(0);
    EXPECT_GT(described.method_count(), 0);
    for (int i = 0; i < described.method_count(); ++i) {
        const std::string name{described.method(i)->name()};
        EXPECT_TRUE(has_method(service, name)) << described.full_name() << "." << name;
    }
    EXPECT_FALSE(has_method(service, "NoSuchMethod"));
}

TEST(Methods, OfTheServicesAreAllKnown) {
    expect_all_methods(Service::Workflow, "workflowservice");
    expect_all_methods(Service::Operator, "operatorservice");
    expect_all_methods(Service::Test, "testservice");
}

TEST(Methods, OfHealthAndCloudAreKnownByName) {
    EXPECT_TRUE(has_method(Service::Health, "Check"));
    EXPECT_TRUE(has_method(Service::Cloud, "GetNamespaces"));
    EXPECT_FALSE(has_method(Service::Cloud, "StartWorkflowExecution"));
}

}  // namespace
}  // namespace hourglass::core
