#pragma once

#include "src/core/connection.hpp"
#include "src/core/core_worker.hpp"
#include "tests/support/test_server.hpp"
#include "tests/unit/core/awaiting.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"
#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

/// The dev server that HOURGLASS_TEST_ADDRESS names, and a worker on it, by hand.
namespace hourglass::core::test {

namespace api = temporal::api::workflowservice::v1;
using coresdk::activity_task::ActivityTask;
using coresdk::workflow_activation::WorkflowActivation;
using hourglass::test::server_address;
using hourglass::test::unique;

inline constexpr const char* kNamespace = "default";

[[nodiscard]] std::shared_ptr<Connection> connect_to_server(const std::shared_ptr<Runtime>& runtime
);

[[nodiscard]] BytesResult call(
    const Connection& connection, const std::string& method, const google::protobuf::Message& body
);

/// The answer to a call that has to succeed.
template <class Response>
Response expect(
    const Connection& connection, const std::string& method, const google::protobuf::Message& body
) {
    const auto answer = call(connection, method, body);
    if (!answer) {
        throw std::runtime_error{method + ": " + answer.error().message};
    }
    Response response;
    response.ParseFromString(answer->to_string());
    return response;
}

[[nodiscard]] api::StartWorkflowExecutionRequest start_request(
    const std::string& workflow_id, const std::string& task_queue
);
void start_workflow(
    const Connection& connection, const std::string& workflow_id, const std::string& task_queue
);
[[nodiscard]] api::DescribeWorkflowExecutionResponse describe(
    const Connection& connection, const std::string& workflow_id
);
/// Waits until the workflow has ended; whether it completed.
[[nodiscard]] bool completes(const Connection& connection, const std::string& workflow_id);

[[nodiscard]] std::shared_ptr<CoreWorker> make_worker(
    const std::shared_ptr<Connection>& connection, const std::string& task_queue
);
[[nodiscard]] WorkflowActivation next_activation(CoreWorker& worker);
[[nodiscard]] ActivityTask next_activity(CoreWorker& worker);
void complete(CoreWorker& worker, const std::string& serialized_activation_completion);
void complete_activity(CoreWorker& worker, const std::string& task_token);

/// Commands of the workflow: `count` activities, or its end.
[[nodiscard]] std::string schedule_activities(
    const std::string& run_id, const std::string& task_queue, int count
);
[[nodiscard]] std::string end_workflow(const std::string& run_id);
[[nodiscard]] std::string nothing(const std::string& run_id);

/// Ends a worker that has nothing outstanding, in good order; evictions are answered.
void end_worker(CoreWorker& worker);

}  // namespace hourglass::core::test
