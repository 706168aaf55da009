#pragma once

#include "hourglass/supervision/child_spec.hpp"
#include "hourglass/supervision/process.hpp"
#include "hourglass/supervision/report.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::supervision {

/// What all supervisors have in common: they list what runs below them.
class SupervisorBase : public Process {
public:
    static constexpr ChildType kChildType = ChildType::Supervisor;
    static constexpr std::chrono::nanoseconds kReportTimeout = std::chrono::seconds{2};

    /// The direct children.
    [[nodiscard]] virtual std::vector<ChildReport> which_children() const = 0;
    [[nodiscard]] virtual ChildCounts count_children() const;
    /// This supervisor and everything below it; asks nested supervisors, hence the Reply. One that
    /// does not answer within `timeout` is marked as unavailable.
    void report(Reply<SupervisorReport> reply, std::chrono::nanoseconds timeout = kReportTimeout);

    // The same from outside, as futures.
    [[nodiscard]] static Future<std::vector<ChildReport>> which_children(
        const Ref<SupervisorBase>& supervisor
    );
    [[nodiscard]] static Future<ChildCounts> count_children(const Ref<SupervisorBase>& supervisor);
    [[nodiscard]] static Future<SupervisorReport> report(const Ref<SupervisorBase>& supervisor);

protected:
    /// This supervisor alone.
    [[nodiscard]] virtual SupervisorReport own_report() const = 0;
};

namespace detail {

/// OTP's restart intensity: more than `max_restarts` within `within` is too much.
class RestartIntensity {
public:
    RestartIntensity(std::size_t max_restarts, std::chrono::nanoseconds within)
        : max_restarts_{max_restarts}, within_{within} {}

    /// Counts one restart. @returns false if it is one too many.
    [[nodiscard]] bool allow(Clock::time_point now);
    [[nodiscard]] std::size_t max_restarts() const noexcept { return max_restarts_; }
    [[nodiscard]] std::chrono::nanoseconds within() const noexcept { return within_; }
    [[nodiscard]] std::size_t total() const noexcept { return total_; }

private:
    std::size_t max_restarts_;
    std::chrono::nanoseconds within_;
    std::deque<Clock::time_point> recent_;
    std::size_t total_ = 0;
};

}  // namespace detail
}  // namespace hourglass::supervision
