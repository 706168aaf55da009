#pragma once

#include "hourglass/workflow/detail/ref.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace hourglass::workflow::detail {

/// One group that a coroutine's commands belong to, and through it those around it.
class EventGroupMark final : public RefCounted {
public:
    enum class Kind : std::uint8_t {
        Label,   ///< the workflow's own
        Signal,  ///< of the handler of the signal that came with the event
        Update   ///< of the handler of the update
    };

    EventGroupMark(Kind kind, std::string id, std::string label)
        : kind_{kind}, id_{std::move(id)}, label_{std::move(label)} {}
    explicit EventGroupMark(std::int64_t signal_event)
        : kind_{Kind::Signal}, event_{signal_event} {}
    /// The same group, inside of another one.
    EventGroupMark(Ref<EventGroupMark> group, Ref<EventGroupMark> around)
        : kind_{group->kind()}, group_{std::move(group)}, around_{std::move(around)} {}

    [[nodiscard]] Kind kind() const noexcept { return kind_; }
    /// A label's, or an update's.
    [[nodiscard]] const std::string& id() const noexcept { return group_ ? group_->id() : id_; }
    [[nodiscard]] const std::string& label() const noexcept {
        return group_ ? group_->label() : label_;
    }
    /// The signal's.
    [[nodiscard]] std::int64_t event() const noexcept { return group_ ? group_->event() : event_; }
    /// Whether the label was not asked for before: the history has it once.
    [[nodiscard]] bool takes_label() noexcept {
        return group_ ? group_->takes_label() : !std::exchange(labelled_, true);
    }
    [[nodiscard]] const Ref<EventGroupMark>& around() const noexcept { return around_; }

private:
    Kind kind_;
    bool labelled_ = false;
    std::int64_t event_ = 0;
    std::string id_;
    std::string label_;
    Ref<EventGroupMark> group_;
    Ref<EventGroupMark> around_;
};

}  // namespace hourglass::workflow::detail
