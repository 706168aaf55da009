#include "tests/unit/core/replaying.hpp"

#include "src/core/reaper.hpp"

#include "temporal/api/history/v1/message.pb.h"
#include "temporal/sdk/core/workflow_completion/workflow_completion.pb.h"

#include <future>
#include <stdexcept>

namespace hourglass::core::test {
namespace {

using temporal::api::enums::v1::EventType;
using temporal::api::history::v1::History;
using temporal::api::history::v1::HistoryEvent;

HistoryEvent& add(History& history, EventType type) {
    HistoryEvent& event = *history.add_events();
    event.set_event_id(history.events_size());
    event.set_event_type(type);
    event.mutable_event_time()->set_seconds(history.events_size());
    return event;
}

}  // namespace

std::shared_ptr<Replayer> make_replayer(const std::shared_ptr<Runtime>& runtime) {
    auto made = Replayer::create(runtime, {.namespace_name = "replay", .task_queue = "replay"});
    if (!made) {
        throw std::runtime_error{made.error().message};
    }
    return *std::move(made);
}

void end(Replayer& replayer) {
    std::promise<void> done;
    Reaper::reap({.worker = replayer.worker()}, [&done] { done.set_value(); });
    done.get_future().wait();
}

std::string brief_history() {
    using namespace temporal::api::enums::v1;
    History history;
    auto& started = *add(history, EVENT_TYPE_WORKFLOW_EXECUTION_STARTED)
                         .mutable_workflow_execution_started_event_attributes();
    started.mutable_workflow_type()->set_name("Brief");
    started.mutable_task_queue()->set_name("replay");
    started.set_original_execution_run_id(kRunId);
    started.set_first_execution_run_id(kRunId);
    started.set_attempt(1);
    add(history, EVENT_TYPE_WORKFLOW_TASK_SCHEDULED)
        .mutable_workflow_task_scheduled_event_attributes()
        ->set_attempt(1);
    add(history, EVENT_TYPE_WORKFLOW_TASK_STARTED)
        .mutable_workflow_task_started_event_attributes()
        ->set_scheduled_event_id(2);
    auto& completed = *add(history, EVENT_TYPE_WORKFLOW_TASK_COMPLETED)
                           .mutable_workflow_task_completed_event_attributes();
    completed.set_scheduled_event_id(2);
    completed.set_started_event_id(3);
    add(history, EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED)
        .mutable_workflow_execution_completed_event_attributes()
        ->set_workflow_task_completed_event_id(4);
    return history.SerializeAsString();
}

std::string brief_completion() {
    coresdk::workflow_completion::WorkflowActivationCompletion completion;
    completion.set_run_id(kRunId);
    completion.mutable_successful()->add_commands()->mutable_complete_workflow_execution();
    return completion.SerializeAsString();
}

}  // namespace hourglass::core::test
