#include "hourglass/testing/workflow_driver.hpp"

#include "src/client/identity.hpp"
#include "src/client/operations.hpp"
#include "src/client/start_request.hpp"
#include "src/testing/driven_run.hpp"

#include <utility>

namespace hourglass::testing {

struct WorkflowDriver::Impl {
    std::shared_ptr<DriverWorker> worker;
    unsigned workflows = 0;
};

WorkflowDriver::WorkflowDriver(WorkflowDriverOptions options)
    : impl_{
          std::make_unique<Impl>(Impl{.worker = std::make_shared<DriverWorker>(std::move(options))})
      } {}

WorkflowDriver::~WorkflowDriver() = default;

std::shared_ptr<DrivenRun> WorkflowDriver::begin_encoded(
    std::string type, StartOptions options, Payloads arguments
) {
    const WorkflowDriverOptions& driver = impl_->worker->options();
    if (options.id.empty()) {
        options.id = type + "-" + std::to_string(++impl_->workflows);
    }
    if (const auto queue = client::task_queue_of(options); queue != driver.worker.task_queue) {
        throw ConfigurationError{
            "cannot start workflow '" + options.id + "' on the task queue '" + queue +
            "': the driver's worker polls '" + driver.worker.task_queue +
            "'; set StartOptions::task_queue or WorkflowDriverOptions::worker.task_queue"
        };
    }
    client::RpcContext context;
    context.namespace_name = driver.workflow_namespace;
    context.identity = client::default_identity();
    const auto start = client::start_request(
        context,
        {.type = std::move(type), .options = std::move(options), .arguments = std::move(arguments)}
    );
    return std::make_shared<DrivenRun>(std::make_unique<DrivenRun::Impl>(DrivenRun::Impl{
        .worker = impl_->worker,
        .execution = Execution{start, client::new_uuid(), driver.start_time}
    }));
}

}  // namespace hourglass::testing
