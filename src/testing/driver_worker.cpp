#include "src/testing/driver_worker.hpp"

#include "src/worker/worker_link.hpp"

#include <future>
#include <utility>

namespace hourglass::testing {
namespace {

using temporal::api::history::v1::History;
using temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse;

/// Nobody resolves it: it stands in texts.
constexpr const char* kAddress = "in-process:7233";

WorkflowDriverOptions checked(WorkflowDriverOptions options) {
    if (options.answer_limit <= std::chrono::milliseconds{0}) {
        throw ConfigurationError{
            "WorkflowDriverOptions::answer_limit is " +
            std::to_string(options.answer_limit.count()) + " ms; it must be greater than 0"
        };
    }
    return options;
}

ApplicationOptions application(const WorkflowDriverOptions& options) {
    ApplicationOptions application;
    application.client.address = kAddress;
    application.client.namespace_ = options.workflow_namespace;
    application.default_worker = options.worker;
    return application;
}

}  // namespace

DriverWorker::DriverWorker(WorkflowDriverOptions options)
    : options_{checked(std::move(options))}, tree_{application(options_), frontend_->connector()} {}

DriverWorker::~DriverWorker() {
    tree_.close();
}

std::optional<TaskAnswer> DriverWorker::run(
    std::string queue,
    PollWorkflowTaskQueueResponse task,
    const History& history,
    std::chrono::steady_clock::time_point deadline
) {
    // Shared: the answer may come when nobody waits for it any more, and so may a question for the
    // history.
    const auto promise = std::make_shared<std::promise<TaskAnswer>>();
    auto answer = promise->get_future();
    const auto token = frontend_->offer(
        {.queue = std::move(queue),
         .task = std::move(task),
         .whole_history = [whole = std::make_shared<const History>(history)] { return *whole; },
         .answered = [promise](TaskAnswer given) { promise->set_value(std::move(given)); }}
    );
    if (answer.wait_until(deadline) != std::future_status::ready) {
        frontend_->withdraw(token);
        return std::nullopt;
    }
    return answer.get();
}

void DriverWorker::evict(const std::string& run_id) {
    const auto directory = tree_.directory();
    const auto link = directory->registry.get()
                          .call([queue = options_.worker.task_queue](supervision::Registry& names) {
                              return names.find(queue);
                          })
                          .get();
    if (!link) {
        return;  // it has not begun: nothing is cached
    }
    const auto registration = link.as<worker::WorkerLink>()
                                  .call([](worker::WorkerLink& its) { return its.registration(); })
                                  .get();
    if (registration) {
        registration->evict(run_id);
    }
}

}  // namespace hourglass::testing
