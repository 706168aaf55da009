#include "src/worker/evaluate.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/worker/interceptor.hpp"
#include "src/base/fork.hpp"
#include "src/worker/large_command.hpp"
#include "src/worker/registration.hpp"

#include <google/protobuf/arena.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::worker {
namespace {

constexpr std::string_view kRunNotCached = "RunNotCached";

using workflow::Activation;
using workflow::Completion;
using workflow::RunState;
using workflow::WorkflowRun;

// Holds parts of the registration, but not the registration, which has them.
workflow::RunOptions run_options(
    const Registration& registration, const EvaluationServices& services
) {
    const auto worker = registration.shared_options();
    workflow::RunOptions options{
        .workflow_namespace = services.namespace_name,
        .task_queue = worker->task_queue,
        .versioned = worker->deployment && worker->deployment->use_worker_versioning,
        .places_commands = services.observer != nullptr,
        .fails_workflow = worker->fails_workflow,
        .metrics = services.metrics,
    };
    if (!worker->interceptors.empty()) {
        options.make_interceptors = [worker](const workflow::WorkflowInfo& info) {
            workflow::Interceptors made;
            for (const auto& each : worker->interceptors) {
                if (auto interceptor = each->workflow(info)) {
                    made.push_back(std::move(interceptor));
                }
            }
            return made;
        };
    }
    if (!services.observer) {  // else no activity runs here, and which ones there are says nothing
        options.knows_activity = [activities = registration.activities()](std::string_view name) {
            return activities.find(name) != nullptr;
        };
    }
    return options;
}

std::unique_ptr<WorkflowRun> begin_run(
    const Activation& activation,
    Registration& registration,
    const EvaluationServices& services,
    Completion& answer
) {
    const std::string* type = workflow::workflow_type_of(activation);
    if (type == nullptr) {
        if (workflow::is_eviction(activation)) {
            workflow::answer_empty(activation.run_id(), answer);
        } else {
            // Core evicts the run for it, and the server sends the whole history.
            workflow::fail_task(
                activation.run_id(),
                "the run is not in this worker's cache any more",
                kRunNotCached,
                answer
            );
        }
        return nullptr;
    }
    const auto& catalog = workflow::Catalog::process();
    const workflow::Definition* definition = catalog.find(*type);
    if (definition == nullptr) {
        workflow::fail_unknown_type(activation, catalog, answer);
        return nullptr;
    }
    return std::make_unique<WorkflowRun>(
        *definition, activation.run_id(), registration.run_options([&] {
            return run_options(registration, services);
        })
    );
}

// Without it a workflow that cannot go on would be silent: its caller waits, the server tries
// again.
void log_failed_task(
    const Activation& activation,
    const Completion& completion,
    const Registration& registration,
    const std::string& workflow_id
) {
    const auto& failure = completion.failed().failure();
    if (failure.application_failure_info().type() == kRunNotCached) {
        return;  // part of every recovery: the server sends the whole history next
    }
    log::warn(
        "a workflow task failed, and the server tries again until the cause is mended",
        {{"failure", failure.message()},
         {"workflow_id", workflow_id},
         {"run_id", activation.run_id()},
         {"task_queue", registration.task_queue()},
         {"hint",
          "the workflow itself fails by a FailureError, such as ApplicationError, and by what "
          "failure_types() or WorkerOptions::fails_workflow names"}}
    );
}

/// What tells a line of the log from those of other workflows.
std::vector<log::Field> fields_of(const WorkflowRun& run, const Registration& registration) {
    return {
        {"workflow_id", run.workflow_id()},
        {"workflow_type", run.workflow_type()},
        {"run_id", run.run_id()},
        {"task_queue", registration.task_queue()},
    };
}

// Core warns of it with [TMPRL1103], which does not say of which workflow.
void log_large_command(
    std::vector<log::Field> fields, std::string_view serialized_completion, std::size_t limit
) {
    if (serialized_completion.size() <= limit) {
        return;
    }
    google::protobuf::Arena arena;
    auto& completion = *google::protobuf::Arena::CreateMessage<Completion>(&arena);
    completion.ParseFromArray(
        serialized_completion.data(), static_cast<int>(serialized_completion.size())
    );
    const auto large = large_command_in(completion, limit);
    if (!large) {
        return;
    }
    fields.push_back({"command", large->kind});
    fields.push_back({"bytes", std::to_string(large->bytes)});
    log::warn(
        "a workflow asks for something large, which the server may refuse and Core warns of with "
        "[TMPRL1103] if it is one payload. Store it elsewhere, with DataOptions::external_storage, "
        "say, and pass on where it is",
        std::move(fields)
    );
}

// Core gives who asked no more than the failure's message, and where failures are encoded not even
// that: this is where its reason can be found.
void log_failed_queries(
    const WorkflowRun& run,
    const Activation& activation,
    const Completion& completion,
    const Registration& registration
) {
    for (const auto& command : completion.successful().commands()) {
        if (!command.respond_to_query().has_failed()) {
            continue;
        }
        auto fields = fields_of(run, registration);
        for (const auto& job : activation.jobs()) {
            if (job.has_query_workflow() &&
                job.query_workflow().query_id() == command.respond_to_query().query_id()) {
                fields.push_back({"query", job.query_workflow().query_type()});
            }
        }
        fields.push_back({"failure", command.respond_to_query().failed().message()});
        log::warn("a query failed", std::move(fields));
    }
}

}  // namespace

void evaluate(TaskLease& lease, CachedRuns& runs, const EvaluationServices& services) {
    const auto& watch = services.watch;
    const Registration& registration = *lease.registration();
    google::protobuf::Arena arena;
    auto& activation = *google::protobuf::Arena::CreateMessage<Activation>(&arena);
    auto& completion = *google::protobuf::Arena::CreateMessage<Completion>(&arena);
    const auto bytes = lease.bytes();
    if (!activation.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
        log::error(
            "a workflow activation could not be decoded",
            {{"task_queue", registration.task_queue()}}
        );
        return;
    }
    const std::string& run_id = activation.run_id();
    if (watch && workflow::is_eviction(activation) &&
        watch->keep_eviction(lease.shared_from_this(), run_id)) {
        return;
    }
    auto run = runs.take(registration.id(), run_id);
    if (run && workflow::workflow_type_of(activation) != nullptr) {
        run.reset();  // the server starts it over from its history: what is here belongs to a task
                      // that failed
    }
    if (!run) {
        run = begin_run(activation, *lease.registration(), services, completion);
    }
    std::string workflow_id;
    std::vector<workflow::CommandPlace> places;
    std::string answer;
    TaskLease::Look look;
    if (run) {
        const auto epoch = fork::process_epoch();
        auto watched = watch ? watch->watch({lease, *run, activation}) : EvaluationWatch::Watched{};
        const RunState state = run->activate(activation, completion);
        fork::ForkStays::check("workflow code", epoch);
        if (!watched.in_time()) {
            if (services.observer) {
                completion.Clear();
                workflow::fail_task(
                    run_id,
                    "[TMPRL1101] its code has not come to its next await in time; the log says "
                    "where it stood",
                    "PotentialDeadlock",
                    completion
                );
                services.observer(activation, completion, {});
            }
            run.reset();  // before the watch ends, which lets Core begin the run again
            return;
        }
        if (completion.has_failed()) {
            workflow_id = run->workflow_id();
        }
        if (services.observer) {
            places = run->command_places();
        }
        answer = completion.SerializeAsString();
        const std::size_t limit = services.large_payload;
        const bool may_be_large = answer.size() > limit || registration.coding() != nullptr;
        if (limit > 0 && !activation.is_replaying() && may_be_large) {
            // What counts is what Core gets: codecs and the external storage change sizes.
            look = [limit, fields = fields_of(*run, registration)](std::string_view sent) {
                log_large_command(fields, sent, limit);
            };
        }
        if (!services.observer) {
            log_failed_queries(*run, activation, completion, registration);
        }
        if (state == RunState::Open || state == RunState::Closed) {
            // Before the answer: the next activation may follow it at once, on another thread.
            runs.put(registration.id(), std::move(run));
        } else {
            run.reset();
        }
    } else {
        answer = completion.SerializeAsString();
    }
    if (workflow_id.empty() && activation.jobs_size() > 0) {
        workflow_id = activation.jobs(0).initialize_workflow().workflow_id();
    }
    if (services.observer) {
        services.observer(activation, completion, places);
    } else if (completion.has_failed()) {
        log_failed_task(activation, completion, registration, workflow_id);
    }
    if (!lease.answer(std::move(answer), std::move(look))) {
        log::warn(
            "worker_not_registered: a workflow task outlived its worker's registration; the server "
            "hands it out again",
            {{"task_queue", registration.task_queue()}, {"run_id", run_id}}
        );
        registration.discarded_workflow_task();
        // Nobody else will: the registration's runs were forgotten, perhaps before this one was put
        // back.
        runs.take(registration.id(), run_id).reset();
    }
}

}  // namespace hourglass::worker
