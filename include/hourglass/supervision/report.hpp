#pragma once

#include "hourglass/supervision/child_spec.hpp"
#include "hourglass/supervision/exit_reason.hpp"
#include "hourglass/supervision/pid.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::supervision {

enum class ChildState : std::uint8_t {
    Undefined,  ///< not running: stopped, ignored, or ended and not to be restarted
    Starting,   ///< its `init` is not done
    Running,
    Stopping,    ///< asked to end
    Restarting,  ///< ended, and about to be started again
};

/// One child as `which_children` lists it; in trees with what runs below it.
struct ChildReport {
    std::string id = {};
    Pid pid = {};  ///< nobody's unless Starting, Running or Stopping
    ChildType type = ChildType::Worker;
    Restart restart = Restart::Permanent;
    ChildState state = ChildState::Undefined;
    std::size_t restarts = 0;   ///< starts after the first one
    std::size_t abandoned = 0;  ///< processes of this child that were given up while a handler ran
    std::optional<ExitReason> last_exit = {};  ///< of the process before this one
    std::chrono::nanoseconds uptime{0};        ///< since its last start; 0 if not running
    std::size_t mailbox_length = 0;
    std::string strategy = {};  ///< of a supervisor: "one_for_one", "dynamic", "tasks"; else empty
    bool unavailable = false;   ///< a supervisor that did not say what runs below it
    std::vector<ChildReport> children = {};  ///< of a supervisor, in the order of their start
};

/// How many children a supervisor has; OTP's count_children.
struct ChildCounts {
    std::size_t specs = 0;
    std::size_t active = 0;
    std::size_t supervisors = 0;
    std::size_t workers = 0;
};

/// A supervisor and everything below it, as it was when asked.
struct SupervisorReport {
    std::string id = {};
    Pid pid = {};
    std::string strategy = {};
    std::size_t max_restarts = 0;
    std::chrono::nanoseconds within{0};
    std::size_t restarts = 0;  ///< of its children, counted since it started
    std::size_t abandoned = 0;
    std::vector<ChildReport> children = {};
};

/// The tree for people: a line a process, with pid, state, restarts and last exit reason.
[[nodiscard]] std::string tree_text(const SupervisorReport& report);

[[nodiscard]] std::string_view to_text(ChildState state) noexcept;
[[nodiscard]] std::string_view to_text(Restart restart) noexcept;
[[nodiscard]] std::string_view to_text(ChildType type) noexcept;

}  // namespace hourglass::supervision
