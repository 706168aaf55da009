// Payloads that are larger than the server takes, and those of which the log warns.
#include "hourglass/hourglass.hpp"
#include "tests/integration/subsystem/flows.hpp"
#include "tests/integration/workflow/recorded_events.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace payload_limits {

namespace hg = hourglass;
namespace wf = hg::workflow;
using namespace std::chrono_literals;

/// More than the server's limit of 2 MB, and less than gRPC's of 4 MB.
constexpr std::size_t kTooLarge = std::size_t{3} * 1024 * 1024;

std::string large_text(std::size_t bytes) {
    return std::string(bytes, 'x');
}

class AsksForLargeText {
public:
    hg::Task<std::string> run(std::size_t bytes) {
        const wf::ActivityOptions options{
            .start_to_close_timeout = 10s,
            .retry_policy = hg::RetryPolicy{.non_retryable_error_types = {"PayloadsTooLarge"}}
        };
        std::string text = co_await wf::execute_activity<&large_text>(options, bytes);
        co_return std::to_string(text.size());
    }
};

class AnswersLargeText {
public:
    hg::Task<std::string> run(std::size_t bytes) { co_return std::string(bytes, 'x'); }
};

}  // namespace payload_limits

HOURGLASS_WORKFLOW(payload_limits::AsksForLargeText, run);
HOURGLASS_WORKFLOW(payload_limits::AnswersLargeText, run);
HOURGLASS_ACTIVITY(payload_limits::large_text);

namespace payload_limits {
namespace {

using hg::test::eventually;
using hg::test::recorded_events;
using hg::test::unique;
using ::testing::HasSubstr;

namespace enums = temporal::api::enums::v1;

class PayloadLimits : public ::testing::Test {
protected:
    static hg::ApplicationOptions options() {
        hg::ApplicationOptions made;
        made.client.address = hg::test::server_address();
        made.default_worker.task_queue = unique("limits");
        return made;
    }

    const hg::ApplicationOptions options_ = options();
    const std::string& queue_ = options_.default_worker.task_queue;
    hg::Application app_{options_};
    const hg::Client client_ = app_.client();
};

TEST_F(PayloadLimits, AreAnErrorOfTheCallThatSendsMore) {
    const auto begin = std::chrono::steady_clock::now();
    try {
        static_cast<void>(client_.start<&flows::Echo::run>(
            {.id = unique("large"), .task_queue = queue_}, std::string(kTooLarge, 'x')
        ));
        ADD_FAILURE() << "the server takes 2 MB";
    } catch (const hg::RpcError& error) {
        EXPECT_EQ(error.code(), hg::RpcCode::InvalidArgument);
        EXPECT_THAT(error.what(), HasSubstr("exceeds"));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s) << "it is not tried again";
}

TEST_F(PayloadLimits, AreAFailureOfTheActivityThatAnswersMore) {
    try {
        static_cast<void>(client_.execute<&AsksForLargeText::run>(
            {.id = unique("large"), .task_queue = queue_}, kTooLarge
        ));
        ADD_FAILURE() << "the server takes 2 MB";
    } catch (const hg::WorkflowFailedError& error) {
        const auto cause = error.find_cause<hg::ApplicationError>();
        ASSERT_TRUE(cause) << error.what();
        EXPECT_EQ(cause->type(), "PayloadsTooLarge");
    }
}

TEST_F(PayloadLimits, FailTheTaskOfTheWorkflowThatAnswersMore) {
    const auto workflow = client_.start<&AnswersLargeText::run>(
        {.id = unique("large"), .task_queue = queue_}, kTooLarge
    );
    std::vector<hg::test::RecordedEvent> failed;
    EXPECT_TRUE(eventually([&] {
        failed = recorded_events(workflow.history(), enums::EVENT_TYPE_WORKFLOW_TASK_FAILED);
        return !failed.empty();
    }));
    workflow.terminate();
    ASSERT_FALSE(failed.empty());
    EXPECT_EQ(
        failed[0].workflow_task_failed_event_attributes().cause(),
        enums::WORKFLOW_TASK_FAILED_CAUSE_PAYLOADS_TOO_LARGE
    );
}

/// Warnings of a start whose argument has `bytes`.
std::size_t warnings(std::uint64_t payloads_warn_size, std::size_t bytes) {
    const hg::test::LogLines lines;
    const auto client = hg::Client::connect(
        {.address = hg::test::server_address(),
         .payload_limits = {.payloads_warn_size = payloads_warn_size}}
    );
    client
        .start<&flows::Echo::run>(
            {.id = unique("warned"), .task_queue = unique("nobody")}, std::string(bytes, 'x')
        )
        .terminate();
    static_cast<void>(eventually([&] { return lines.count("TMPRL1103") > 0; }, 500ms));
    return lines.count("TMPRL1103");
}

TEST(PayloadWarnings, BeginWhereTheOptionSays) {
    EXPECT_EQ(warnings(100, 200), 1u);
    EXPECT_EQ(warnings(400, 200), 0u);
    EXPECT_EQ(warnings(0, std::size_t{600} * 1024), 0u);
}

/// Asks the server before it takes the first warning.
class AskingSink final : public hg::log::Sink {
public:
    explicit AskingSink(hg::Client client) : client_{std::move(client)} {}
    void write(const hg::log::Record& record) noexcept override {
        if (record.message.find("TMPRL1103") != std::string::npos && !asked_.exchange(true)) {
            answered.set_value(client_.count_workflows().total);
        }
    }
    std::promise<std::int64_t> answered;

private:
    hg::Client client_;
    std::atomic<bool> asked_{false};
};

TEST(PayloadWarnings, GoToASinkThatMayWaitForTheSameClient) {
    const auto client = hg::Client::connect(
        {.address = hg::test::server_address(), .payload_limits = {.payloads_warn_size = 100}}
    );
    const auto sink = std::make_shared<AskingSink>(client);
    hg::log::set_sink(sink);
    client
        .start<&flows::Echo::run>(
            {.id = unique("asked"), .task_queue = unique("nobody")}, std::string(200, 'x')
        )
        .terminate();
    auto answered = sink->answered.get_future();
    const bool in_time = answered.wait_for(30s) == std::future_status::ready;
    hg::log::set_sink(nullptr);
    EXPECT_TRUE(in_time) << "Core has one thread on two processors";
}

}  // namespace
}  // namespace payload_limits
