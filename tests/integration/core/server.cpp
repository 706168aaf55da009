#include "tests/integration/core/server.hpp"

#include "temporal/sdk/core/core_interface.pb.h"

#include <chrono>
#include <thread>

namespace hourglass::core::test {

using namespace std::chrono_literals;
using coresdk::workflow_completion::WorkflowActivationCompletion;

std::shared_ptr<Connection> connect_to_server(const std::shared_ptr<Runtime>& runtime) {
    auto connected = connect(runtime, {.target = server_address(), .identity = "core-test"});
    if (!connected) {
        throw std::runtime_error{connected.error().message};
    }
    return *std::move(connected);
}

BytesResult call(
    const Connection& connection, const std::string& method, const google::protobuf::Message& body
) {
    return await<BytesResult>([&](BytesCallback callback) {
        connection.rpc_call(
            {.method = method, .request = body.SerializeAsString(), .timeout = 20s},
            std::move(callback)
        );
    });
}

api::StartWorkflowExecutionRequest start_request(
    const std::string& workflow_id, const std::string& task_queue
) {
    api::StartWorkflowExecutionRequest request;
    request.set_namespace_(kNamespace);
    request.set_workflow_id(workflow_id);
    request.mutable_workflow_type()->set_name("ByHand");
    request.mutable_task_queue()->set_name(task_queue);
    request.set_request_id(unique("request"));
    request.mutable_workflow_task_timeout()->set_seconds(10);
    return request;
}

void start_workflow(
    const Connection& connection, const std::string& workflow_id, const std::string& task_queue
) {
    expect<api::StartWorkflowExecutionResponse>(
        connection, "StartWorkflowExecution", start_request(workflow_id, task_queue)
    );
}

api::DescribeWorkflowExecutionResponse describe(
    const Connection& connection, const std::string& workflow_id
) {
    api::DescribeWorkflowExecutionRequest request;
    request.set_namespace_(kNamespace);
    request.mutable_execution()->set_workflow_id(workflow_id);
    return expect<api::DescribeWorkflowExecutionResponse>(
        connection, "DescribeWorkflowExecution", request
    );
}

bool completes(const Connection& connection, const std::string& workflow_id) {
    using namespace temporal::api::enums::v1;
    for (int i = 0; i < 300; ++i) {
        const auto status = describe(connection, workflow_id).workflow_execution_info().status();
        if (status != WORKFLOW_EXECUTION_STATUS_RUNNING) {
            return status == WORKFLOW_EXECUTION_STATUS_COMPLETED;
        }
        std::this_thread::sleep_for(100ms);  // a server is asked, there is no event to wait for
    }
    return false;
}

std::shared_ptr<CoreWorker> make_worker(
    const std::shared_ptr<Connection>& connection, const std::string& task_queue
) {
    auto made =
        CoreWorker::create(connection, {.namespace_name = kNamespace, .task_queue = task_queue});
    if (!made) {
        throw std::runtime_error{made.error().message};
    }
    const auto validated =
        await<VoidResult>([&](VoidCallback callback) { (*made)->validate(std::move(callback)); });
    if (!validated) {
        throw std::runtime_error{validated.error().message};
    }
    return *std::move(made);
}

WorkflowActivation next_activation(CoreWorker& worker) {
    const auto polled = await<BytesResult>([&](BytesCallback callback) {
        worker.poll_workflow_activation(std::move(callback));
    });
    if (!polled) {
        throw std::runtime_error{polled.error().message};
    }
    WorkflowActivation activation;
    activation.ParseFromString(polled->to_string());
    return activation;
}

ActivityTask next_activity(CoreWorker& worker) {
    const auto polled = await<BytesResult>([&](BytesCallback callback) {
        worker.poll_activity_task(std::move(callback));
    });
    if (!polled) {
        throw std::runtime_error{polled.error().message};
    }
    ActivityTask task;
    task.ParseFromString(polled->to_string());
    return task;
}

void complete(CoreWorker& worker, const std::string& serialized_activation_completion) {
    const auto done = await<VoidResult>([&](VoidCallback callback) {
        worker.complete_workflow_activation(serialized_activation_completion, std::move(callback));
    });
    if (!done) {
        throw std::runtime_error{done.error().message};
    }
}

void complete_activity(CoreWorker& worker, const std::string& task_token) {
    coresdk::ActivityTaskCompletion completion;
    completion.set_task_token(task_token);
    completion.mutable_result()->mutable_completed()->mutable_result();  // an empty payload
    const auto done = await<VoidResult>([&](VoidCallback callback) {
        worker.complete_activity_task(completion.SerializeAsString(), std::move(callback));
    });
    if (!done) {
        throw std::runtime_error{done.error().message};
    }
}

std::string schedule_activities(
    const std::string& run_id, const std::string& task_queue, int count
) {
    WorkflowActivationCompletion completion;
    completion.set_run_id(run_id);
    for (int i = 1; i <= count; ++i) {
        auto& activity =
            *completion.mutable_successful()->add_commands()->mutable_schedule_activity();
        activity.set_seq(static_cast<std::uint32_t>(i));
        activity.set_activity_id(std::to_string(i));
        activity.set_activity_type("Work");
        activity.set_task_queue(task_queue);
        activity.set_do_not_eagerly_execute(true);
        activity.mutable_start_to_close_timeout()->set_seconds(60);
    }
    return completion.SerializeAsString();
}

std::string end_workflow(const std::string& run_id) {
    WorkflowActivationCompletion completion;
    completion.set_run_id(run_id);
    completion.mutable_successful()->add_commands()->mutable_complete_workflow_execution();
    return completion.SerializeAsString();
}

std::string nothing(const std::string& run_id) {
    WorkflowActivationCompletion completion;
    completion.set_run_id(run_id);
    completion.mutable_successful();
    return completion.SerializeAsString();
}

void end_worker(CoreWorker& worker) {
    if (auto begun = worker.initiate_shutdown(); !begun) {
        throw std::runtime_error{begun.error().message};
    }
    using Poll = void (CoreWorker::*)(BytesCallback);
    for (const Poll poll :
         {&CoreWorker::poll_workflow_activation,
          &CoreWorker::poll_activity_task,
          &CoreWorker::poll_nexus_task}) {
        for (bool more = true; more;) {
            const auto polled = await<BytesResult>([&](BytesCallback callback) {
                (worker.*poll)(std::move(callback));
            });
            more = polled.has_value();
            if (more && poll == &CoreWorker::poll_workflow_activation) {
                WorkflowActivation activation;
                activation.ParseFromString(polled->to_string());
                complete(worker, nothing(activation.run_id()));
            }
        }
    }
    const auto ended = await<VoidResult>([&](VoidCallback callback) {
        worker.finalize_shutdown(std::move(callback));
    });
    if (!ended) {
        throw std::runtime_error{ended.error().message};
    }
}

}  // namespace hourglass::core::test
