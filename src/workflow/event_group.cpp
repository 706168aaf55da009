// Groups of events: what a coroutine's commands are shown under.

#include "hourglass/workflow/event_group.hpp"

#include "hourglass/convert/convert.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/engine.hpp"

#include "temporal/api/sdk/v1/event_group_marker.pb.h"

#include <string>

namespace hourglass::workflow {
namespace {

using detail::EventGroupMark;

void write(EventGroupMark& group, temporal::api::sdk::v1::EventGroupMarker& marker) {
    switch (group.kind()) {
        case EventGroupMark::Kind::Label:
            marker.mutable_label()->set_id(group.id());
            if (group.takes_label()) {
                convert::to_proto(
                    to_payload(group.label()), marker.mutable_label()->mutable_label()
                );
            }
            break;
        case EventGroupMark::Kind::Signal:
            marker.mutable_inbound_event()->set_inbound_event_id(group.event());
            break;
        case EventGroupMark::Kind::Update:
            marker.mutable_inbound_update()->set_inbound_update_id(group.id());
            break;
    }
}

}  // namespace

EventGroup::EventGroup(const std::string& label)
    : mark_{Engine::current("EventGroup()").new_event_group(label)} {}

detail::Ref<EventGroupMark> Engine::new_event_group(const std::string& label) {
    require_writable("EventGroup()");
    return detail::make_ref<EventGroupMark>(
        EventGroupMark::Kind::Label, std::to_string(++last_.event_group), label
    );
}

detail::Ref<EventGroupMark> Engine::current_event_group() const {
    const detail::Frame* frame = scheduler_.current();
    return frame == nullptr ? detail::Ref<EventGroupMark>{} : frame->group;
}

Command& Engine::add_command() {
    Command& command = add_ungrouped_command();
    mark_groups(command);
    return command;
}

Command& Engine::add_ungrouped_command() {
    Command& command = *commands_->add_commands();
    if (places_ && !evicting_) {
        const auto count = static_cast<std::size_t>(commands_->commands_size());
        scheduler_.current() == nullptr ? places_->made_by_nobody(count) : places_->made(count);
    }
    return command;
}

void Engine::mark_groups(Command& command) const {
    const detail::Frame* frame = scheduler_.current();
    if (frame == nullptr) {
        return;
    }
    for (EventGroupMark* group = frame->group.get(); group != nullptr;
         group = group->around().get()) {
        write(*group, *command.add_event_group_markers());
    }
}

namespace detail {

Ref<EventGroupMark> current_event_group(const char* api) {
    return Engine::current(api).current_event_group();
}

}  // namespace detail
}  // namespace hourglass::workflow
