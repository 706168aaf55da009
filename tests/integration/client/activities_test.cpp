// Activities from a client: completed from outside, and without a workflow. Against a real server.
#include "hourglass/client/admin.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hg = hourglass;
using namespace std::chrono_literals;

namespace activities {

/// The attempts that were left to somebody else: their tokens and how often they ran.
class Mailbox {
public:
    void put(hg::activity::Info info) {
        const std::lock_guard lock{mutex_};
        infos_.push_back(std::move(info));
        changed_.notify_all();
    }
    hg::activity::Info take() {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, 30s, [this] { return !infos_.empty(); })) {
            throw std::runtime_error{"no attempt has arrived"};
        }
        auto info = std::move(infos_.front());
        infos_.erase(infos_.begin());
        return info;
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<hg::activity::Info> infos_;
};

Mailbox& mailbox() {
    static Mailbox box;
    return box;
}

std::string left_to_others([[maybe_unused]] std::string text) {
    mailbox().put(hg::activity::info());
    hg::activity::complete_async();
}

std::string shout(std::string text) {
    return text + "!";
}

void decline() {
    throw hg::ApplicationError{"card declined", {.type = "Declined", .non_retryable = true}};
}

void until_cancelled() {
    hg::activity::wait_for_cancellation();
    hg::activity::throw_if_cancelled();
}

class Waits {
public:
    hg::Task<std::string> run(std::string text) {
        hg::workflow::ActivityOptions options;
        options.start_to_close_timeout = 60s;
        options.heartbeat_timeout = 60s;
        options.cancellation_type =
            hg::workflow::ActivityCancellationType::WaitCancellationCompleted;
        options.retry_policy = hg::RetryPolicy{.initial_interval = 1ms, .maximum_attempts = 2};
        co_return co_await hg::workflow::execute_activity<&left_to_others>(options, text);
    }
};

}  // namespace activities

HOURGLASS_ACTIVITY(activities::left_to_others);
HOURGLASS_ACTIVITY(activities::shout);
HOURGLASS_ACTIVITY(activities::decline);
HOURGLASS_ACTIVITY(activities::until_cancelled);
HOURGLASS_WORKFLOW(activities::Waits, run);

namespace {

using activities::mailbox;
using activities::Waits;
using hg::test::eventually;
using hg::test::unique;
using testing::Contains;

class Activities : public ::testing::Test {
protected:
    static void SetUpTestSuite() {
        hg::ApplicationOptions options;
        options.client = {.address = hg::test::server_address()};
        app_ = std::make_unique<hg::Application>(options);
    }
    static void TearDownTestSuite() { app_.reset(); }

    hg::Client client_ = app_->client();
    std::string id_ = unique("activity");

private:
    static inline std::unique_ptr<hg::Application> app_;
};

TEST_F(Activities, AreCompletedByTheirTaskToken) {
    const auto workflow = client_.start<&Waits::run>({.id = id_}, "hello");
    const std::string token = mailbox().take().task_token;
    // [outside]
    const auto attempt = client_.async_activity(token);
    attempt.heartbeat("half");
    attempt.complete("from outside");
    // [outside]
    EXPECT_EQ(workflow.result(), "from outside");
    EXPECT_THROW(attempt.complete("twice"), hg::ActivityNotFoundError);
}

TEST_F(Activities, AreCompletedByTheirIds) {
    const auto workflow = client_.start<&Waits::run>({.id = id_}, "hello");
    const auto info = mailbox().take();
    const auto attempt =
        client_.async_activity({.workflow_id = id_, .activity_id = info.activity_id});
    attempt.heartbeat(1);
    attempt.complete("by id");
    EXPECT_EQ(workflow.result(), "by id");
}

TEST_F(Activities, AreTriedAgainAfterAFailureFromOutside) {
    const auto workflow = client_.start<&Waits::run>({.id = id_}, "hello");
    client_.async_activity(mailbox().take().task_token)
        .fail(hg::ApplicationError{"not yet"}, hg::encode_arguments(std::string{"so far"}));
    const auto second = mailbox().take();
    EXPECT_EQ(second.attempt, 2U);
    ASSERT_EQ(second.heartbeat_details.size(), 1U);
    EXPECT_EQ(hg::from_payload<std::string>(second.heartbeat_details[0]), "so far");
    client_.async_activity(second.task_token)
        .fail(hg::ApplicationError{"never", {.type = "Never"}});
    try {
        (void)workflow.result();
        FAIL() << "there were two attempts";
    } catch (const hg::WorkflowFailedError& error) {
        ASSERT_NE(error.find_cause<hg::ApplicationError>(), nullptr);
        EXPECT_EQ(error.find_cause<hg::ApplicationError>()->type(), "Never");
    }
}

TEST_F(Activities, LearnOfTheirCancellationByAHeartbeatAndReportIt) {
    const auto workflow = client_.start<&Waits::run>({.id = id_}, "hello");
    const auto attempt = client_.async_activity(mailbox().take().task_token);
    attempt.heartbeat();
    workflow.cancel("enough");
    bool asked = false;
    EXPECT_TRUE(eventually([&] {
        try {
            attempt.heartbeat();
        } catch (const hg::AsyncActivityCancelledError& error) {
            asked = error.cancel_requested();
        }
        return asked;
    }));
    attempt.report_cancellation("undone");
    try {
        (void)workflow.result();
        FAIL() << "it was cancelled";
    } catch (const hg::WorkflowFailedError& error) {
        EXPECT_EQ(error.status(), hg::WorkflowStatus::Canceled);
    }
}

TEST_F(Activities, ThatNobodyKnowsAreNamed) {
    const auto nobody = client_.async_activity({.workflow_id = id_, .activity_id = "charge"});
    try {
        nobody.complete();
        FAIL() << "there is no such activity";
    } catch (const hg::ActivityNotFoundError& error) {
        EXPECT_EQ(error.activity_id(), "charge");
    }
    EXPECT_THROW(nobody.heartbeat(), hg::ActivityNotFoundError);
}

/// Whether the server runs activities without workflows; those that do not say so.
class StandaloneActivities : public Activities {
protected:
    const bool supported_ =
        hg::admin::describe_namespace(client_).capabilities.standalone_activities;
};

TEST_F(StandaloneActivities, AreSupportedByTheServerOfTheTests) {
    EXPECT_TRUE(supported_) << "the tests below would test nothing";
}

TEST_F(StandaloneActivities, RunToTheirResult) {
    // [standalone]
    const auto handle = client_.start_activity<&activities::shout>(
        {.id = id_, .start_to_close_timeout = 30s, .static_summary = "loud", .priority = {.key = 2}
        },
        "hello"
    );
    EXPECT_EQ(handle.result(), "hello!");
    // [standalone]
    const auto description = handle.describe();
    EXPECT_EQ(description.id, id_);
    EXPECT_EQ(description.run_id, handle.run_id());
    EXPECT_EQ(description.type, "shout");
    EXPECT_EQ(description.task_queue, "default");
    EXPECT_EQ(description.status, hg::ActivityStatus::Completed);
    EXPECT_EQ(description.start_to_close_timeout, 30s);
    EXPECT_EQ(description.static_summary, "loud");
    EXPECT_EQ(description.priority.key, 2);
    EXPECT_EQ(description.arguments, hg::encode_arguments(std::string{"hello"}));
    EXPECT_EQ(client_.activity<&activities::shout>(id_).result(), "hello!");
    EXPECT_EQ(
        client_.execute_activity<std::string>(
            "shout", {.id = id_ + "-2", .start_to_close_timeout = 30s}, "again"
        ),
        "again!"
    );
}

TEST_F(StandaloneActivities, TellTheirFailure) {
    try {
        client_.execute_activity<&activities::decline>({.id = id_, .start_to_close_timeout = 30s});
        FAIL() << "it was declined";
    } catch (const hg::ActivityFailedError& error) {
        EXPECT_EQ(error.activity_id(), id_);
        ASSERT_NE(error.find_cause<hg::ApplicationError>(), nullptr);
        EXPECT_EQ(error.find_cause<hg::ApplicationError>()->type(), "Declined");
    }
    EXPECT_EQ(client_.activity<void>(id_).describe().status, hg::ActivityStatus::Failed);
}

TEST_F(StandaloneActivities, AreCancelled) {
    const auto handle = client_.start_activity<&activities::until_cancelled>(
        {.id = id_, .start_to_close_timeout = 60s, .heartbeat_timeout = 2s}
    );
    ASSERT_TRUE(eventually([&] {
        return handle.describe().run_state == hg::PendingActivityState::Started;
    }));
    handle.cancel("enough");
    EXPECT_EQ(handle.describe().cancel_reason, "enough");
    handle.terminate("really");
    try {
        handle.result();
        FAIL() << "it has ended otherwise";
    } catch (const hg::ActivityFailedError& error) {
        EXPECT_NE(error.cause(), nullptr);
    }
    EXPECT_EQ(handle.describe().status, hg::ActivityStatus::Terminated);
    EXPECT_THROW(handle.terminate(), hg::RpcError) << "it has ended";
}

TEST_F(StandaloneActivities, HaveOneRunningExecutionAnId) {
    const hg::StartActivityOptions options{
        .id = id_, .task_queue = "nobody-polls-this", .start_to_close_timeout = 30s
    };
    const auto handle = client_.start_activity<&activities::shout>(options, "x");
    try {
        (void)client_.start_activity<&activities::shout>(options, "x");
        FAIL() << "the id is running";
    } catch (const hg::ActivityAlreadyStartedError& error) {
        EXPECT_EQ(error.activity_id(), id_);
        EXPECT_EQ(error.run_id(), handle.run_id());
    }
    EXPECT_THROW((void)handle.result({.timeout = 300ms}), hg::WaitTimeoutError);
    handle.terminate("done");
    EXPECT_THROW(
        (void)client_.activity<void>("no such activity").describe(), hg::ActivityNotFoundError
    );
}

TEST_F(StandaloneActivities, ArePausedChangedAndLetGoOn) {
    const auto handle = client_.start_activity<&activities::shout>(
        {.id = id_, .task_queue = "nobody-polls-this", .start_to_close_timeout = 30s}, "hello"
    );
    // [commands]
    handle.pause("audit");
    const hg::ActivityExecutionOptions options = handle.update_options(
        {.task_queue = "default", .start_to_close_timeout = 20s, .heartbeat_timeout = 5s}
    );
    // [commands]
    EXPECT_EQ(options.task_queue, "default");
    EXPECT_EQ(options.start_to_close_timeout, 20s);
    EXPECT_EQ(options.heartbeat_timeout, 5s);
    EXPECT_EQ(handle.describe().status, hg::ActivityStatus::Paused);
    EXPECT_THROW((void)handle.result({.timeout = 300ms}), hg::WaitTimeoutError);
    handle.unpause({.reason = "done"});
    EXPECT_EQ(handle.result(), "hello!");
}

TEST_F(StandaloneActivities, GetTheirOriginalOptionsBackAndBeginAnew) {
    const std::string queue = hg::test::unique("nobody-polls-this");
    const auto handle = client_.start_activity<&activities::shout>(
        {.id = id_, .task_queue = queue, .start_to_close_timeout = 30s}, "hello"
    );
    EXPECT_EQ(handle.update_options({.start_to_close_timeout = 20s}).start_to_close_timeout, 20s);
    const hg::ActivityExecutionOptions original = handle.restore_original_options();
    EXPECT_EQ(original.start_to_close_timeout, 30s);
    EXPECT_EQ(original.task_queue, queue);
    handle.pause();
    handle.reset({.keep_paused = true});
    EXPECT_EQ(handle.describe().status, hg::ActivityStatus::Paused);
    handle.terminate("done");
}

TEST_F(StandaloneActivities, AreListedCountedAndDeleted) {
    const std::string query = "ActivityId = '" + id_ + "'";
    EXPECT_EQ(
        client_.execute_activity<&activities::shout>(
            {.id = id_, .start_to_close_timeout = 30s}, "hello"
        ),
        "hello!"
    );
    ASSERT_TRUE(eventually([&] { return client_.count_activities(query).total == 1; }));
    std::vector<std::string> found;
    for (const auto& each : client_.list_activities(query)) {
        EXPECT_EQ(each.type, "shout");
        found.push_back(each.id);
    }
    EXPECT_THAT(found, Contains(id_));
    client_.activity<void>(id_).remove();
    EXPECT_TRUE(eventually([&] {
        try {
            (void)client_.activity<void>(id_).describe();
            return false;
        } catch (const hg::ActivityNotFoundError&) {
            return true;
        }
    }));
}

TEST_F(StandaloneActivities, AreCompletedFromOutside) {
    const auto handle = client_.start_activity<&activities::left_to_others>(
        {.id = id_, .start_to_close_timeout = 60s}, "x"
    );
    const auto info = mailbox().take();
    client_.async_activity({.run_id = info.activity_run_id.value_or(""), .activity_id = id_})
        .complete("from outside");
    EXPECT_EQ(handle.result(), "from outside");
}

}  // namespace
