#pragma once

#include "hourglass/base/error.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace hourglass::testing {

/// What kind of trouble a replay met.
enum class ReplayProblem : std::uint8_t {
    UnreadableHistory,    ///< the file or the text is no history that can be replayed
    UnknownWorkflowType,  ///< the program does not define the workflow
    Nondeterminism,       ///< the code takes another way than the one recorded
    WorkflowTaskFailed,   ///< the code threw what fails no workflow, but only a workflow task
    NotReplayed,          ///< Core gave the history up, or did not go on with it
};

/// Why a history cannot be replayed with the program's code.
struct ReplayFailure {
    ReplayProblem problem = ReplayProblem::NotReplayed;
    /// The event at which it shows, as far as that is known.
    std::optional<std::int64_t> event_id = {};
    /// What the history says there, such as "ActivityTaskScheduled 'charge'"; empty if not known.
    std::string in_history = {};
    /// What the code asked for instead; empty if not known.
    std::string in_code = {};
    /// Where the code asked for it: the function and the line of the `co_await` at which it stopped
    /// then, such as "shop::Checkout::run (shop/checkout.cpp:41)"; empty if not known.
    std::string in_code_at = {};
    /// What happened, in the words of whoever noticed.
    std::string message = {};
    /// What to do about it.
    std::string advice = {};
};

/// What became of one history.
struct ReplayResult {
    /// The file that it comes from; empty for a history that was given as such.
    std::string source = {};
    std::string workflow_id = {};
    std::string run_id = {};
    std::string workflow_type = {};
    std::size_t events = 0;
    std::chrono::nanoseconds took{0};
    std::optional<ReplayFailure> failure = {};

    [[nodiscard]] bool ok() const noexcept { return !failure; }
};

/// Several lines that tell people what became of a history.
[[nodiscard]] std::string to_text(const ReplayResult& result);
std::ostream& operator<<(std::ostream& stream, const ReplayResult& result);

/// Histories failed; `what()` is the whole report.
class ReplayError : public Error {
public:
    using Error::Error;
};

/// What became of many histories, in their order. `EXPECT_TRUE(report.ok()) << report;`
class ReplayReport {
public:
    explicit ReplayReport(std::vector<ReplayResult> results) : results_{std::move(results)} {}

    /// Whether each history was replayed to its end.
    [[nodiscard]] bool ok() const noexcept { return failed() == 0; }
    [[nodiscard]] std::size_t failed() const noexcept;
    [[nodiscard]] const std::vector<ReplayResult>& results() const& noexcept { return results_; }
    [[nodiscard]] std::vector<ReplayResult> results() && { return std::move(results_); }

    /// The failures, each with all that is known, and a line that counts.
    [[nodiscard]] std::string text() const;
    /// @throws ReplayError if a history failed.
    void throw_if_failed() const;

private:
    std::vector<ReplayResult> results_;
};

std::ostream& operator<<(std::ostream& stream, const ReplayReport& report);

}  // namespace hourglass::testing
