#pragma once

#include "hourglass/base/unique_function.hpp"
#include "hourglass/supervision/exit_reason.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <typeinfo>

namespace hourglass::supervision {

class Process;
template <class P>
class Ref;

namespace detail {
class Cell;
struct CellAccess;
using Message = UniqueFunction<void(Process&)>;
}  // namespace detail

/// The address of a process, of whatever type. It stays valid after the process has ended, and
/// never keeps it alive.
/// @threads any.
class Pid {
public:
    /// Nobody's address.
    Pid() noexcept = default;

    explicit operator bool() const noexcept { return cell_ != nullptr; }

    /// Whether the process takes messages: from its spawning until its end.
    [[nodiscard]] bool alive() const;

    /// How many messages wait; a snapshot.
    [[nodiscard]] std::size_t mailbox_length() const;

    /// Counts from 1 in each system; 0 is nobody.
    [[nodiscard]] std::uint64_t id() const noexcept;

    /// The child ids from the root of its tree down to it, e.g. "application/subsystem/runtime";
    /// empty if it has none.
    [[nodiscard]] const std::string& name() const noexcept;

    /// "<0.12.0>", or "<none>".
    [[nodiscard]] std::string text() const;

    /// Sends the exit signal `reason`, as OTP's exit/2: `kill` cannot be trapped, a process that
    /// traps exits gets `handle_exit`, `normal` ends nobody but the sender itself.
    /// @returns false if the process has ended.
    bool exit(ExitReason reason) const;

    /// The typed address.
    /// @throws ConfigurationError if the live process is no `P`.
    template <class P>
    [[nodiscard]] Ref<P> as() const;

    friend bool operator==(const Pid& left, const Pid& right) noexcept {
        return left.cell_ == right.cell_;
    }
    friend std::strong_ordering operator<=>(const Pid& left, const Pid& right) noexcept;

private:
    friend struct detail::CellAccess;
    friend struct std::hash<Pid>;
    explicit Pid(std::shared_ptr<detail::Cell> cell) noexcept : cell_{std::move(cell)} {}

    std::shared_ptr<detail::Cell> cell_;
};

std::ostream& operator<<(std::ostream& out, const Pid& pid);

/// Names one monitor: what `Process::monitor` returned and `handle_down` gets.
struct MonitorRef {
    std::uint64_t id = 0;
    friend auto operator<=>(const MonitorRef&, const MonitorRef&) = default;
};

/// Names one timer: what `Process::send_after` returned.
struct TimerRef {
    std::uint64_t id = 0;
    friend auto operator<=>(const TimerRef&, const TimerRef&) = default;
};

namespace detail {

/// Puts a message into the mailbox. @returns false, and leaves the message alone, if the process
/// has ended.
bool post(const Pid& target, Message&& message);

/// Throws ConfigurationError if `target` is alive and `accepts` says no to it.
void check_type(const Pid& target, bool (*accepts)(const Process&), const std::type_info& wanted);

}  // namespace detail
}  // namespace hourglass::supervision

template <>
struct std::hash<hourglass::supervision::Pid> {
    std::size_t operator()(const hourglass::supervision::Pid& pid) const noexcept {
        return std::hash<std::shared_ptr<hourglass::supervision::detail::Cell>>{}(pid.cell_);
    }
};

template <>
struct std::hash<hourglass::supervision::MonitorRef> {
    std::size_t operator()(hourglass::supervision::MonitorRef ref) const noexcept {
        return std::hash<std::uint64_t>{}(ref.id);
    }
};

template <>
struct std::hash<hourglass::supervision::TimerRef> {
    std::size_t operator()(hourglass::supervision::TimerRef ref) const noexcept {
        return std::hash<std::uint64_t>{}(ref.id);
    }
};
