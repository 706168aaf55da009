#include "src/testing/open_operations.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_time.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hourglass::testing {
namespace {

using temporal::api::history::v1::HistoryEvent;

std::string text_of(const OpenOperation& operation) {
    const std::string id = "'" + operation.id + "'";
    return operation.name.empty() ? id : "'" + operation.name + "' (id " + id + ")";
}

auto position(std::vector<OpenOperation>& operations, std::string_view id_or_name) {
    const auto by_id =
        std::find_if(operations.begin(), operations.end(), [&](const OpenOperation& open) {
            return open.id == id_or_name;
        });
    if (by_id != operations.end()) {
        return by_id;
    }
    return std::find_if(operations.begin(), operations.end(), [&](const OpenOperation& open) {
        return open.name == id_or_name;
    });
}

auto found(std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name) {
    const auto at = position(operations, id_or_name);
    if (at == operations.end()) {
        std::string open;
        for (const OpenOperation& each : operations) {
            open += (open.empty() ? "" : ", ") + text_of(each);
        }
        throw Error{
            std::string{"the workflow has no open "} + what + " '" + std::string{id_or_name} +
            "'; open: " + (open.empty() ? "none" : open)
        };
    }
    return at;
}

void erase_begun(std::vector<OpenOperation>& operations, std::int64_t begun) {
    std::erase_if(operations, [&](const OpenOperation& open) { return open.begun == begun; });
}

}  // namespace

void OpenOperations::follow(HistoryEvent& event) {
    OpenOperation begun{.begun = event.event_id()};
    if (event.has_activity_task_scheduled_event_attributes()) {
        const auto& activity = event.activity_task_scheduled_event_attributes();
        begun.id = activity.activity_id();
        begun.name = activity.activity_type().name();
        activities.push_back(std::move(begun));
    } else if (event.has_activity_task_cancel_requested_event_attributes()) {
        const auto scheduled =
            event.activity_task_cancel_requested_event_attributes().scheduled_event_id();
        for (OpenOperation& activity : activities) {
            if (activity.begun == scheduled) {
                activity.cancel_requested = event.event_id();
            }
        }
    } else if (event.has_timer_started_event_attributes()) {
        const auto& timer = event.timer_started_event_attributes();
        begun.id = timer.timer_id();
        begun.fires_at = later(
            convert::from_proto(event.event_time()),
            convert::from_proto(timer.start_to_fire_timeout())
        );
        timers.push_back(std::move(begun));
    } else if (event.has_timer_canceled_event_attributes()) {
        auto& cancelled = *event.mutable_timer_canceled_event_attributes();
        const auto timer = found(timers, "timer", cancelled.timer_id());
        cancelled.set_started_event_id(timer->begun);
        erase_begun(timers, timer->begun);
    } else if (event.has_start_child_workflow_execution_initiated_event_attributes()) {
        const auto& child = event.start_child_workflow_execution_initiated_event_attributes();
        begun.id = child.workflow_id();
        begun.name = child.workflow_type().name();
        children.push_back(std::move(begun));
    } else if (event.has_signal_external_workflow_execution_initiated_event_attributes()) {
        const auto& signal = event.signal_external_workflow_execution_initiated_event_attributes();
        begun.id = signal.workflow_execution().workflow_id();
        begun.name = signal.signal_name();
        signals.push_back(std::move(begun));
    } else if (event.has_request_cancel_external_workflow_execution_initiated_event_attributes()) {
        begun.id = event.request_cancel_external_workflow_execution_initiated_event_attributes()
                       .workflow_execution()
                       .workflow_id();
        cancellations.push_back(std::move(begun));
    }
}

OpenOperation& find_open(
    std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name
) {
    return *found(operations, what, id_or_name);
}

OpenOperation take_open(
    std::vector<OpenOperation>& operations, const char* what, std::string_view id_or_name
) {
    const auto at = found(operations, what, id_or_name);
    OpenOperation taken = std::move(*at);
    operations.erase(at);
    return taken;
}

}  // namespace hourglass::testing
