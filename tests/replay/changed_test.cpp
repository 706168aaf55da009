// Recorded histories meet code that was changed since: each change is found, and the report says
// what a person needs to know.

#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace changed {
namespace hg = hourglass;
namespace wf = hg::workflow;
using namespace std::chrono_literals;

std::string shout(std::string text) {
    return text;
}

/// Calls another activity than the one recorded.
class Activities {
public:
    static constexpr int kLineOfTheCall = __LINE__ + 3;
    hg::Task<std::string> run(std::string text) {
        const wf::ActivityOptions options{.start_to_close_timeout = 30s};
        std::string answer = co_await wf::execute_activity<&shout>(options, text);
        co_return answer;
    }
};

/// Calls an activity where a timer was recorded.
class Timers {
public:
    hg::Task<int> run() {
        const wf::ActivityOptions options{.start_to_close_timeout = 30s};
        co_await wf::execute_activity<&shout>(options, "instead");
        co_return 0;
    }
};

/// Does more than was recorded while it waited: nothing later in the open history shows it.
class Messages {
public:
    hg::Task<int> run(int wanted) {
        co_await wf::wait_condition([this, wanted] { return count_ >= wanted; }, {.timeout = 24h});
        co_return count_;
    }
    void add(int value) {
        static_cast<void>(wf::start_timer(1h));
        ++count_;
        sum_ += value;
    }
    int add_and_sum(int value) {
        add(value);
        return sum_;
    }
    void check(int /*value*/) const {}
    int sum() const { return sum_; }

private:
    int count_ = 0;
    int sum_ = 0;
};

/// Waits for ever where the recorded one failed.
class Fails {
public:
    hg::Task<void> run(std::string /*why*/) {
        co_await wf::wait_condition([] { return false; });
    }
};

/// Ends before the recorded one did.
class Random {
public:
    hg::Task<int> run() { co_return 0; }
};

/// Throws what fails a workflow task.
class Mended {
public:
    hg::Task<std::string> run() {
        throw std::logic_error{"a new mistake"};
        co_return {};
    }
};

/// Goes on where the recorded one was cancelled.
class Cancelled {
public:
    hg::Task<void> run() {
        try {
            co_await wf::sleep(24h);
        } catch (const hg::CancelledError&) {
            co_return;
        }
    }
};

}  // namespace changed

HOURGLASS_WORKFLOW(changed::Activities, run);
HOURGLASS_WORKFLOW(changed::Timers, run);
HOURGLASS_WORKFLOW(
    changed::Messages, run, signals(add), queries(sum), updates(validated(add_and_sum, check))
);
HOURGLASS_WORKFLOW(changed::Fails, run);
HOURGLASS_WORKFLOW(changed::Random, run);
HOURGLASS_WORKFLOW(changed::Mended, run);
HOURGLASS_WORKFLOW(changed::Cancelled, run);
HOURGLASS_ACTIVITY(changed::shout);

namespace {

namespace fs = std::filesystem;
namespace ht = hourglass::testing;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

fs::path recorded(const std::string& name) {
    return fs::path{HISTORIES} / (name + ".json");
}

class ChangedCode : public ::testing::Test {
protected:
    ht::ReplayResult replay(const std::string& name) {
        auto results = replayer_.replay_files({recorded(name)}).results();
        return std::move(results.at(0));
    }

    ht::ReplayFailure failure_of(const std::string& name) {
        ht::ReplayResult result = replay(name);
        return result.failure.value_or(ht::ReplayFailure{.message = "it did not fail"});
    }

    ht::Replayer replayer_;
};

TEST_F(ChangedCode, ThatCallsAnotherActivityIsShownBoth) {
    const auto failure = failure_of("activities");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_history, "ActivityTaskScheduled 'echo'");
    EXPECT_EQ(failure.in_code, "ActivityTaskScheduled 'shout'");
    EXPECT_THAT(
        failure.in_code_at,
        AllOf(
            StartsWith("changed::Activities::run ("),
            EndsWith(
                "changed_test.cpp:" + std::to_string(changed::Activities::kLineOfTheCall) + ")"
            )
        )
    );
    EXPECT_THAT(failure.message, AllOf(StartsWith("[TMPRL1100]"), HasSubstr("'echo'")));
}

TEST_F(ChangedCode, ThatMakesAnotherKindOfCommandIsShownBoth) {
    const auto failure = failure_of("timers");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_history, "TimerStarted 0.02s");
    EXPECT_EQ(failure.in_code, "ActivityTaskScheduled 'shout'");
}

TEST_F(ChangedCode, ThatMakesNoCommandIsShownWhatIsMissing) {
    const auto failure = failure_of("fails");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_history, "WorkflowExecutionFailed 'as wanted'");
    EXPECT_EQ(failure.in_code, "no such command");
}

TEST_F(ChangedCode, ThatEndsTooEarlyIsFound) {
    const auto failure = failure_of("random");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_EQ(failure.event_id, 5);
    EXPECT_EQ(failure.in_code, "WorkflowExecutionCompleted");
}

TEST_F(ChangedCode, ThatEndsInAnotherWayIsFound) {
    const auto failure = failure_of("cancelled");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_EQ(failure.in_code, "WorkflowExecutionCompleted");
}

TEST_F(ChangedCode, ThatDoesMoreAtTheEndOfAnOpenHistoryIsFound) {
    const auto failure = failure_of("messages-open");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::Nondeterminism);
    EXPECT_THAT(failure.in_history, StartsWith("no such command"));
    EXPECT_EQ(failure.in_code, "TimerStarted 3600s");
}

TEST_F(ChangedCode, ThatThrowsIsQuoted) {
    const auto failure = failure_of("mended");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::WorkflowTaskFailed);
    EXPECT_THAT(failure.message, AllOf(HasSubstr("'Mended'"), HasSubstr("a new mistake")));
}

TEST_F(ChangedCode, ThatIsGoneIsNamedBesidesWhatIsThere) {
    const auto failure = failure_of("continues");
    EXPECT_EQ(failure.problem, ht::ReplayProblem::UnknownWorkflowType);
    EXPECT_THAT(failure.message, AllOf(HasSubstr("'Continues'"), HasSubstr("'Timers'")));
}

TEST_F(ChangedCode, IsReportedForEveryHistoryAndNotOnlyForTheFirst) {
    const auto report = replayer_.replay_files({HISTORIES});
    EXPECT_FALSE(report.ok());
    EXPECT_GE(report.failed(), 9U);
    EXPECT_THROW(report.throw_if_failed(), ht::ReplayError);
}

TEST_F(ChangedCode, IsReportedInWordsThatSayWhatToDo) {
    const std::string text = to_text(replay("activities"));
    EXPECT_THAT(text, StartsWith("FAILED: " + recorded("activities").string()));
    EXPECT_THAT(
        text,
        AllOf(
            HasSubstr("\n    history:    event 5, ActivityTaskScheduled 'echo'\n"),
            HasSubstr("\n    code:       ActivityTaskScheduled 'shout'\n"),
            HasSubstr("\n    reason:     [TMPRL1100]"),
            HasSubstr("\n    what to do: "),
            HasSubstr("patched(")
        )
    );
}

TEST_F(ChangedCode, DoesNotSpoilTheHistoriesThatFollow) {
    for (int round = 0; round < 3; ++round) {
        EXPECT_FALSE(replay("activities").ok());
        EXPECT_FALSE(replay("mended").ok());
        EXPECT_FALSE(replay("continues").ok());
        EXPECT_TRUE(replay("untouched").ok());
    }
}

}  // namespace
