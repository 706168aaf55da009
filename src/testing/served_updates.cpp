#include "src/testing/served_updates.hpp"

#include "src/testing/command_events.hpp"

#include <google/protobuf/any.pb.h>

#include <utility>

namespace hourglass::testing {
namespace {

namespace enums = temporal::api::enums::v1;
namespace update = temporal::api::update::v1;
using temporal::api::protocol::v1::Message;

}  // namespace

void ServedUpdates::admit(update::Request request) {
    const std::string id = request.meta().update_id();
    updates_[id].request = std::move(request);
}

ServedUpdates::Messages ServedUpdates::messages_for(std::int64_t task_started) const {
    Messages messages;
    for (const auto& [id, known] : updates_) {
        if (known.accepted != 0 || known.is_done()) {
            continue;
        }
        Message& message = *messages.Add();
        message.set_id(id + "/request");
        message.set_protocol_instance_id(id);
        message.set_event_id(task_started - 1);
        message.mutable_body()->PackFrom(known.request);
    }
    return messages;
}

void ServedUpdates::answer(const Message& message, EventLog& log) {
    const std::string& id = message.protocol_instance_id();
    ServedUpdate& known = updates_[id];
    update::Acceptance acceptance;
    update::Response response;
    update::Rejection rejection;
    if (message.body().UnpackTo(&acceptance)) {
        auto& event = log.append(enums::EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED);
        auto& accepted = *event.mutable_workflow_execution_update_accepted_event_attributes();
        copy_alike(acceptance, accepted);
        accepted.set_protocol_instance_id(id);
        *accepted.mutable_accepted_request() = known.request;
        known.accepted = event.event_id();
    } else if (message.body().UnpackTo(&response)) {
        auto& completed = *log.append(enums::EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED)
                               .mutable_workflow_execution_update_completed_event_attributes();
        copy_alike(response, completed);
        completed.set_accepted_event_id(known.accepted);
        known.outcome = response.outcome();
    } else if (message.body().UnpackTo(&rejection)) {
        *known.outcome.mutable_failure() = rejection.failure();
    }
}

}  // namespace hourglass::testing
