#pragma once

#include "hourglass/workflow/detail/event_group_mark.hpp"
#include "hourglass/workflow/detail/task_state.hpp"
#include "hourglass/workflow/task.hpp"

#include <string>
#include <utility>

namespace hourglass::workflow {

namespace detail {

/// The group around the running coroutine; null if there is none.
/// @throws OutsideWorkflowError naming `api`.
[[nodiscard]] Ref<EventGroupMark> current_event_group(const char* api);

}  // namespace detail

/// Events of the history that belong together: user interfaces show them as a group with a label.
///
///     const EventGroup packing{"packing"};
///     co_await packing.run(pack(order));
///
/// What the handler of a signal or an update does is a group of its own without it. Copies are one
/// group; two that are made with one label are two.
class EventGroup {
public:
    /// @param label  for people; the server takes 400 bytes at most.
    /// @throws OutsideWorkflowError, ReadOnlyError
    explicit EventGroup(const std::string& label);

    /// The same Task, whose commands are in the group, and in those around the running coroutine:
    /// what it starts, and what the Tasks start that it awaits or spawns. One that was given to a
    /// group before is in both.
    /// @throws ConfigurationError if it has nothing to run.
    template <class T>
    [[nodiscard]] Task<T> run(Task<T> task) const {
        if (!task.valid()) {
            detail::reject_empty_task("EventGroup::run()");
        }
        auto& group = task.frame()->group;
        group = detail::make_ref<detail::EventGroupMark>(
            mark_, group ? group : detail::current_event_group("EventGroup::run()")
        );
        return task;
    }

private:
    detail::Ref<detail::EventGroupMark> mark_;
};

}  // namespace hourglass::workflow
