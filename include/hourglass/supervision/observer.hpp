#pragma once

#include "hourglass/supervision/exit_reason.hpp"
#include "hourglass/supervision/pid.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hourglass::supervision {

/// What happened to one child of a supervisor.
struct ChildEvent {
    Pid supervisor = {};
    Pid child = {};
    std::string child_id = {};
    ExitReason reason = {};    ///< how the child ended; `normal` where it did not
    std::size_t restarts = 0;  ///< of this child so far
    std::vector<std::string> restarting = {
    };  ///< at an exit: the children that are started again because of it
    bool abandoned = false;  ///< at an exit: one of its handlers still runs
};

/// Hears what supervisors do: for metrics and tests. Given to `System::observe`.
///
/// Called in the process of the supervisor, several supervisors at a time: it must be quick and
/// must not throw.
class SupervisorObserver {
public:
    virtual ~SupervisorObserver() = default;
    /// A child's first start, or one asked for, succeeded.
    virtual void child_started(const ChildEvent& /*event*/) noexcept {}
    /// A child ended, for whatever reason.
    virtual void child_exited(const ChildEvent& /*event*/) noexcept {}
    /// A child was started again by the supervisor's own decision.
    virtual void child_restarted(const ChildEvent& /*event*/) noexcept {}
    /// A child was given up while one of its handlers ran; `child_exited` follows.
    virtual void child_abandoned(const ChildEvent& /*event*/) noexcept {}
    /// The supervisor gives up and ends with `shutdown`; `reason` is the last exit that it counted.
    virtual void intensity_exceeded(const ChildEvent& /*event*/) noexcept {}
};

}  // namespace hourglass::supervision
