#pragma once

#include "hourglass/supervision/observer.hpp"
#include "hourglass/supervision/pid.hpp"
#include "src/supervision/runtime.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace hourglass::supervision::detail {

/// Tells the log and the observers what one supervisor does.
class ChildEvents {
public:
    /// @param name  of the supervisor, for the log.
    ChildEvents(Runtime& runtime, Pid supervisor, std::string name)
        : runtime_{&runtime}, supervisor_{std::move(supervisor)}, name_{std::move(name)} {}

    void started(ChildEvent event) const;
    void restarted(ChildEvent event) const;
    /// One line of the log, whatever the reason: an error if the end is bad, an info line if the
    /// child ended in order and something is started again, else at the level Debug.
    /// @param asked  whether the supervisor had asked the child to end.
    void exited(ChildEvent event, bool asked) const;
    /// One line, in place of that of an exit.
    void start_failed(const ChildEvent& event) const;
    void intensity_exceeded(
        ChildEvent event, std::size_t max_restarts, std::chrono::nanoseconds within
    ) const;

    [[nodiscard]] const std::string& supervisor_name() const noexcept { return name_; }

private:
    template <class Hook>
    void tell(ChildEvent& event, Hook hook) const;

    Runtime* runtime_;
    Pid supervisor_;
    std::string name_;
};

/// "5 s", "250 ms", "infinity".
[[nodiscard]] std::string duration_text(std::chrono::nanoseconds duration);

}  // namespace hourglass::supervision::detail
