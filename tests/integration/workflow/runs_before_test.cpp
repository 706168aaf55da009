// What a run knows of the one before it: a cron's next run, and a retry.
#include "tests/integration/workflow/fixture.hpp"

#include <mutex>
#include <vector>

namespace runs_before {

class Notes {
public:
    void add(std::string note) {
        const std::lock_guard lock{mutex_};
        notes_.push_back(std::move(note));
    }
    [[nodiscard]] std::vector<std::string> all() const {
        const std::lock_guard lock{mutex_};
        return notes_;
    }
    void clear() {
        const std::lock_guard lock{mutex_};
        notes_.clear();
    }

private:
    mutable std::mutex mutex_;
    std::vector<std::string> notes_;
};

Notes& notes() {
    static Notes all;
    return all;
}

void note(std::string text) {
    notes().add(std::move(text));
}

}  // namespace runs_before

HOURGLASS_ACTIVITY(runs_before::note, "note_of_runs_before");

namespace runs_before {

std::string known_before() {
    const auto result = wf::last_result<int>();
    const auto& failure = wf::info().last_failure;
    return (result ? std::to_string(*result) : "no result") + ", " +
           (failure ? failure->message() : "no failure");
}

/// Each run goes on from the result of the last one that had one; the second fails.
class Counts {
public:
    hg::Task<int> run() {
        co_await wf::execute_activity<&note>({.start_to_close_timeout = 30s}, known_before());
        const int count = wf::last_result<int>().value_or(0) + 1;
        if (count == 2 && !wf::info().last_failure) {
            throw hg::ApplicationError{"bad luck"};
        }
        co_return count;
    }
};

class SecondTry {
public:
    hg::Task<std::string> run() {
        if (wf::info().attempt == 1) {
            throw hg::ApplicationError{"bad luck"};
        }
        co_return known_before();
    }
};

/// Each of its runs says the same.
class KnowsItsOriginal {
public:
    hg::Task<std::string> run() {
        co_await wf::sleep(1ms);
        co_return wf::info().original_run_id;
    }
};

}  // namespace runs_before

HOURGLASS_WORKFLOW(runs_before::Counts, run, name("CountsItsRuns"));
HOURGLASS_WORKFLOW(runs_before::SecondTry, run);
HOURGLASS_WORKFLOW(runs_before::KnowsItsOriginal, run);

namespace {

using ::testing::ElementsAre;

class RunsBefore : public WorkflowTest {};

TEST_P(RunsBefore, OfACronTellTheirResultAndTheirFailure) {
    runs_before::notes().clear();
    auto options = start_options("cron");
    options.cron_schedule = "@every 1s";
    const auto handle = client_->start<&runs_before::Counts::run>(options);
    ASSERT_TRUE(eventually([] { return runs_before::notes().all().size() >= 4; }));
    client_->handle(options.id).terminate("seen enough");
    auto notes = runs_before::notes().all();
    notes.resize(4);
    EXPECT_THAT(
        notes, ElementsAre("no result, no failure", "1, no failure", "1, bad luck", "2, no failure")
    );
}

TEST_P(RunsBefore, OfARetryTellTheirFailure) {
    auto options = start_options("retry");
    options.retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .maximum_attempts = 2};
    const auto handle = client_->start<&runs_before::SecondTry::run>(options);
    EXPECT_EQ(handle.result(), "no result, bad luck");
}

TEST_P(RunsBefore, OfARetryHaveAnOutcomeOfTheirOwn) {
    auto options = start_options("retry");
    options.retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .maximum_attempts = 2};
    const auto handle = client_->start<&runs_before::SecondTry::run>(options);
    EXPECT_EQ(handle.result(), "no result, bad luck");
    try {
        (void)handle.result({.follow_runs = false});
        ADD_FAILURE() << "the first run failed";
    } catch (const hg::WorkflowFailedError& error) {
        EXPECT_EQ(error.status(), hg::WorkflowStatus::Failed) << error.what();
        EXPECT_EQ(error.run_id(), handle.first_execution_run_id());
        ASSERT_NE(error.find_cause<hg::ApplicationError>(), nullptr) << error.what();
        EXPECT_THAT(error.what(), HasSubstr("bad luck"));
    }
}

TEST_P(RunsBefore, OfACronHaveAnOutcomeOfTheirOwn) {
    auto options = start_options("cron");
    options.cron_schedule = "@every 1s";
    const auto handle = client_->start<&runs_before::Counts::run>(options);
    EXPECT_EQ(handle.result({.timeout = 20s, .follow_runs = false}), 1);
    client_->handle(options.id).terminate("seen enough");
}

TEST_P(RunsBefore, OfAResetAreNamedByTheFirstOfThem) {
    const auto original = start<&runs_before::KnowsItsOriginal::run>();
    const std::string run_id = original.first_execution_run_id();
    EXPECT_EQ(original.result(), run_id);
    for (int resets = 0; resets < 2; ++resets) {
        const std::string next =
            client_->handle(original.id()).reset({.point = hg::ResetPoint::first_workflow_task()});
        EXPECT_NE(next, run_id);
        EXPECT_EQ(client_->handle(original.id(), next).result<std::string>(), run_id);
    }
}

INSTANTIATE_TEST_SUITE_P(Replay, RunsBefore, with_and_without_cache(), cache_name);

}  // namespace
