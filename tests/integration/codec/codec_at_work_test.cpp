// What a codec that blocks, or that refuses the details of a heartbeat, does to the others.
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;
using hg::test::unique;
using ::testing::HasSubstr;

namespace at_work {

/// Does not return from `decode` with a payload of "blocked" until it is let go.
class Gate final : public hg::PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "gate"; }
    [[nodiscard]] hg::Payloads encode(
        hg::Payloads payloads, const hg::PayloadContext& /*context*/
    ) const override {
        return payloads;
    }
    [[nodiscard]] hg::Payloads decode(
        hg::Payloads payloads, const hg::PayloadContext& /*context*/
    ) const override {
        if (!payloads.empty() && payloads.front().data == "\"blocked\"") {
            std::unique_lock lock{mutex_};
            ++waiting_;
            changed_.notify_all();
            changed_.wait(lock, [this] { return open_; });
            --waiting_;
        }
        return payloads;
    }

    /// Whether as many wait, now or within 8 seconds.
    bool wait_for(int many) const {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 8s, [this, many] { return waiting_ == many; });
    }
    [[nodiscard]] int waiting() const {
        const std::lock_guard lock{mutex_};
        return waiting_;
    }
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }

private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    mutable int waiting_ = 0;
    bool open_ = false;
};

/// Has no key for one text.
class Refusing final : public hg::PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "refusing"; }
    [[nodiscard]] hg::Payloads encode(
        hg::Payloads payloads, const hg::PayloadContext& /*context*/
    ) const override {
        for (const hg::Payload& payload : payloads) {
            if (payload.data == "\"unspeakable\"") {
                throw std::runtime_error{"no key for it"};
            }
        }
        return payloads;
    }
    [[nodiscard]] hg::Payloads decode(
        hg::Payloads payloads, const hg::PayloadContext& /*context*/
    ) const override {
        return payloads;
    }
};

std::string beat() {
    if (hg::activity::info().attempt > 1) {
        return "tried again";
    }
    hg::activity::heartbeat("unspeakable");
    return hg::activity::wait_for_cancellation(30s) ? "told to stop" : "left alone";
}

class Length {
public:
    hg::Task<int> run(std::string text) { co_return static_cast<int>(text.size()); }
};

class Beats {
public:
    hg::Task<std::string> run(int attempts) {
        const wf::ActivityOptions options{
            .start_to_close_timeout = 60s,
            .retry_policy = hg::RetryPolicy{.initial_interval = 10ms, .maximum_attempts = attempts}
        };
        const std::string said = co_await wf::execute_activity<&beat>(options);
        co_return said;
    }
};

}  // namespace at_work

HOURGLASS_WORKFLOW(at_work::Length, run);
HOURGLASS_WORKFLOW(at_work::Beats, run);
HOURGLASS_ACTIVITY(at_work::beat);

namespace {

constexpr std::size_t kThreads = 2;

struct CodecAtWork : testing::Test {
    const std::string queue = unique("queue");

    std::unique_ptr<hg::Application> app_with(std::shared_ptr<const hg::PayloadCodec> codec) {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.client.data.codecs = {std::move(codec)};
        options.default_worker.task_queue = queue;
        options.threads = kThreads;
        return std::make_unique<hg::Application>(options);
    }
    [[nodiscard]] hg::StartOptions start_options() const {
        return {.id = unique("at-work"), .task_queue = queue, .execution_timeout = 60s};
    }
};

TEST_F(CodecAtWork, OneThatBlocksHoldsUpNoOtherRun) {
    const auto gate = std::make_shared<at_work::Gate>();
    const auto app = app_with(gate);
    // However this ends, the program must be able to stop.
    const std::shared_ptr<void> opens{nullptr, [gate](void*) { gate->open(); }};
    const auto client = app->client();
    std::vector<hg::WorkflowHandle<&at_work::Length::run>> blocked;
    for (std::size_t i = 0; i < kThreads + 2; ++i) {  // more than there are threads for workflows
        blocked.push_back(client.start<&at_work::Length::run>(start_options(), "blocked"));
    }
    const int many = static_cast<int>(blocked.size());
    EXPECT_TRUE(gate->wait_for(many));
    EXPECT_EQ(client.execute<&at_work::Length::run>(start_options(), "free"), 4);
    EXPECT_EQ(gate->waiting(), many) << "the other run went on while they were blocked";
    gate->open();
    for (const auto& each : blocked) {
        EXPECT_EQ(each.result(), 7);
    }
}

TEST_F(CodecAtWork, AnAttemptFailsIfTheDetailsOfItsHeartbeatCannotBeEncoded) {
    const auto app = app_with(std::make_shared<at_work::Refusing>());
    const auto client = app->client();
    const auto again = client.start<&at_work::Beats::run>(start_options(), 0);
    EXPECT_EQ(again.result(), "tried again") << "as the retry policy says";
    const auto once = client.start<&at_work::Beats::run>(start_options(), 1);
    try {
        static_cast<void>(once.result());
        FAIL() << "the attempt did not fail";
    } catch (const hg::WorkflowFailedError& error) {
        const auto failure = error.cause()->find_cause<hg::ApplicationError>();
        ASSERT_NE(failure, nullptr);
        EXPECT_EQ(failure->type(), "PayloadCodecFailed");
        EXPECT_THAT(failure->message(), HasSubstr("details of a heartbeat could not be encoded"));
        EXPECT_THAT(failure->message(), HasSubstr("refusing could not encode"));
    }
}

}  // namespace
