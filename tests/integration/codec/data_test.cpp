// Payloads that are encoded, and stored outside, on their whole way: client, server, worker,
// activity, child and back.
#include "tests/support/bound_codec.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/codec/aes_gcm_codec.hpp>
#include <hourglass/codec/file_storage.hpp>
#include <hourglass/codec/zlib_codec.hpp>
#include <hourglass/hourglass.hpp>
#include <hourglass/testing/replayer.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using hg::test::unique;
using ::testing::HasSubstr;
using ::testing::Not;

namespace coded {

/// Fails at first, and goes on where its heartbeat says.
std::string charge(std::string card) {
    const auto seen = hg::activity::heartbeat_details<std::string>();
    if (!seen) {
        hg::activity::heartbeat("secret progress of " + card);
        throw hg::ApplicationError{"secret failure", {.details = hg::encode_arguments("secret")}};
    }
    return *seen;
}

std::string shout(std::string text) {
    return text + "!";
}

class SecretChild {
public:
    hg::Task<std::string> run(std::string text) { co_return "child of " + text; }
};

class SecretFlow {
public:
    hg::Task<std::string> run(std::string secret) {
        wf::upsert_memo({{"more", hg::to_payload("secret memo")}});
        const std::string charged = co_await wf::execute_activity<&charge>(
            {.start_to_close_timeout = 10s,
             .retry_policy = hg::RetryPolicy{.initial_interval = 10ms}},
            secret
        );
        const std::string loud =
            co_await wf::execute_local_activity<&shout>({.start_to_close_timeout = 10s}, secret);
        const std::string child = co_await wf::execute_child<&SecretChild::run>({}, secret);
        co_await wf::wait_condition([this] { return !said_.empty() && done_; });
        co_return charged + "|" + loud + "|" + child + "|" + said_;
    }
    void say(std::string text) { said_ = std::move(text); }
    std::string said() const { return said_; }
    std::string finish(std::string last) {
        done_ = true;
        return "finished " + last;
    }

private:
    std::string said_;
    bool done_ = false;
};

class SecretFailure {
public:
    hg::Task<void> run(std::string message) {
        throw hg::ApplicationError{
            message, {.type = "Trouble", .details = hg::encode_arguments(message)}
        };
        co_return;
    }
};

class LargeEcho {
public:
    hg::Task<std::string> run(std::string text) { co_return text; }
};

std::string trace_of(const hg::Headers& headers) {
    return hg::from_payload<std::string>(headers.at("trace"));
}

std::string trace_of_activity() {
    return trace_of(hg::activity::info().headers);
}

/// What it and its activity find in their headers.
class TracedFlow {
public:
    hg::Task<std::string> run() {
        const wf::ActivityOptions options{.start_to_close_timeout = 10s};
        const std::string below = co_await wf::execute_activity<&trace_of_activity>(options);
        co_return trace_of(wf::info().headers) + "|" + below;
    }
};

class TracesActivities final : public wf::WorkflowInterceptor {
public:
    void schedule_activity(wf::ScheduleActivityCall& call) override {
        call.headers["trace"] = hg::to_payload("secret step");
    }
};

/// Writes the header "trace" of each workflow and activity that is started.
class Traces final : public hg::ClientInterceptor, public hg::WorkerInterceptor {
public:
    hg::Future<hg::WorkflowRef> start_workflow(
        hg::StartWorkflowCall call,
        hg::Next<hg::StartWorkflowCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        call.headers["trace"] = hg::to_payload("secret start");
        return next(std::move(call));
    }
    std::unique_ptr<wf::WorkflowInterceptor> workflow(const wf::WorkflowInfo& /*info*/) override {
        return std::make_unique<TracesActivities>();
    }
};

}  // namespace coded

HOURGLASS_WORKFLOW(coded::SecretChild, run);
HOURGLASS_WORKFLOW(coded::SecretFlow, run, signals(say), queries(said), updates(finish));
HOURGLASS_WORKFLOW(coded::SecretFailure, run);
HOURGLASS_WORKFLOW(coded::LargeEcho, run);
HOURGLASS_WORKFLOW(coded::TracedFlow, run);
HOURGLASS_ACTIVITY(coded::charge);
HOURGLASS_ACTIVITY(coded::shout);
HOURGLASS_ACTIVITY(coded::trace_of_activity);

namespace {

using coded::LargeEcho;
using coded::SecretFailure;
using coded::SecretFlow;
using coded::TracedFlow;

class DataTest : public ::testing::TestWithParam<std::uint32_t> {
protected:
    ~DataTest() override { fs::remove_all(folder_); }

    void start_app(hg::DataOptions data) {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.client.data = std::move(data);
        options.client.interceptors = interceptors_;
        options.default_worker.task_queue = queue_;
        options.default_worker.max_cached_workflows = GetParam();
        app_ = std::make_unique<hg::Application>(options);
        client_ = std::make_unique<hg::Client>(app_->client());
    }
    /// Another program, which knows of no codec.
    static hg::Client plain_client() {
        return hg::Client::connect({.address = hg::test::server_address()});
    }
    [[nodiscard]] hg::StartOptions start_options() const {
        return {.id = unique("sealed"), .task_queue = queue_};
    }
    static hg::DataOptions bound() {
        return {
            .codecs = {std::make_shared<hg::test::BoundCodec>()}, .encode_failure_attributes = true
        };
    }

    const std::string queue_ = unique("queue");
    const fs::path folder_ = hg::test::new_temporary_folder();
    std::vector<std::shared_ptr<hg::ClientInterceptor>> interceptors_;
    std::unique_ptr<hg::Application> app_;
    std::unique_ptr<hg::Client> client_;
};

INSTANTIATE_TEST_SUITE_P(Replay, DataTest, ::testing::Values(1000U, 0U), [](const auto& each) {
    return each.param == 0 ? "Replayed" : "Cached";
});

TEST_P(DataTest, NothingOfAWorkflowIsReadableOnTheServer) {
    start_app(bound());
    auto options = start_options();
    options.memo = {{"note", hg::to_payload("secret note")}};
    options.static_summary = "secret summary";
    const auto flow = client_->start<&SecretFlow::run>(options, "secret card");
    flow.signal<&SecretFlow::say>("secret word");
    EXPECT_EQ(flow.query<&SecretFlow::said>(), "secret word");
    EXPECT_EQ(flow.update<&SecretFlow::finish>("secret end"), "finished secret end");
    EXPECT_EQ(
        flow.result(),
        "secret progress of secret card|secret card!|child of secret card|secret word"
    );
    const auto described = flow.describe();
    EXPECT_EQ(hg::from_payload<std::string>(described.memo.at("note")), "secret note");
    EXPECT_EQ(hg::from_payload<std::string>(described.memo.at("more")), "secret memo");
    EXPECT_EQ(described.static_summary, "secret summary");
    const std::string history = flow.history().serialized();
    EXPECT_THAT(history, Not(HasSubstr("secret")));
    EXPECT_THAT(history, HasSubstr("terces"));
    EXPECT_THAT(
        [&] { static_cast<void>(plain_client().handle(options.id).result<std::string>()); },
        ::testing::ThrowsMessage<hg::ConversionError>(HasSubstr("binary/bound"))
    );
}

TEST_P(DataTest, AHistoryIsReplayedWithItsCodecs) {
    start_app(bound());
    const auto flow = client_->start<&SecretFlow::run>(start_options(), "secret card");
    flow.signal<&SecretFlow::say>("secret word");
    static_cast<void>(flow.update<&SecretFlow::finish>("secret end"));
    static_cast<void>(flow.result());
    hg::testing::Replayer replayer{{.data = bound()}};
    const auto replayed = replayer.replay(flow.history());
    EXPECT_TRUE(replayed.ok()) << replayed.failure->message;
    hg::testing::Replayer without{{.data = {.codecs = {hg::zlib_codec()}}}};
    EXPECT_FALSE(without.replay(flow.history()).ok());
}

TEST_P(DataTest, HeadersAreEncodedAsTheOptionsSay) {
    struct Case {
        hg::HeaderCodec headers;
        bool start_readable;
        bool step_readable;
    };
    interceptors_ = {std::make_shared<coded::Traces>()};
    for (const Case& each :
         {Case{hg::HeaderCodec::Off, true, true},
          Case{hg::HeaderCodec::WorkflowOnly, true, false},
          Case{hg::HeaderCodec::On, false, false}}) {
        SCOPED_TRACE(static_cast<int>(each.headers));
        auto data = bound();
        data.headers = each.headers;
        start_app(data);
        const auto flow = client_->start<&TracedFlow::run>(start_options());
        EXPECT_EQ(flow.result(), "secret start|secret step");
        const std::string history = flow.history().serialized();
        const auto readable = [&history](const char* text) {
            return history.find(text) != std::string::npos;
        };
        EXPECT_EQ(readable("\"secret start\""), each.start_readable);
        EXPECT_EQ(readable("\"trats terces\""), !each.start_readable);
        EXPECT_EQ(readable("\"secret step\""), each.step_readable);  // encoded as the result, too
        client_.reset();
        app_.reset();
    }
}

TEST_P(DataTest, AFailureSaysNothingToTheServer) {
    start_app(bound());
    const auto flow = client_->start<&SecretFailure::run>(start_options(), "secret trouble");
    try {
        flow.result();
        FAIL() << "it did not fail";
    } catch (const hg::WorkflowFailedError& error) {
        const auto cause = std::dynamic_pointer_cast<const hg::ApplicationError>(error.cause());
        ASSERT_NE(cause, nullptr);
        EXPECT_EQ(cause->message(), "secret trouble");
        EXPECT_EQ(cause->detail<std::string>(0), "secret trouble");
    }
    const std::string history = flow.history().serialized();
    EXPECT_THAT(history, HasSubstr("Encoded failure"));
    EXPECT_THAT(history, Not(HasSubstr("secret")));
}

TEST_P(DataTest, LargePayloadsAreStoredOutside) {
    start_app(
        {.codecs =
             {hg::zlib_codec(),
              hg::aes_gcm_codec({.key_id = "k", .keys = {{"k", std::string(32, 'k')}}})},
         .external_storage =
             hg::ExternalStorage{.drivers = {hg::file_storage(folder_)}, .threshold = 1000}}
    );
    std::string large;
    for (int i = 0; i < 3000; ++i) {
        large += std::to_string(i * 7919);
    }
    const auto flow = client_->start<&LargeEcho::run>(start_options(), large);
    EXPECT_EQ(flow.result(), large);
    EXPECT_LT(flow.history().serialized().size(), 3000U);
    EXPECT_THAT(flow.history().serialized(), HasSubstr("ExternalStorageReference"));
    EXPECT_THAT(
        [&] { static_cast<void>(plain_client().handle(flow.id()).result<std::string>()); },
        ::testing::ThrowsMessage<hg::ConversionError>(HasSubstr("[TMPRL1105]"))
    );
}

/// Decodes only when it is told that it may.
class Locked final : public hg::PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "locked"; }
    [[nodiscard]] hg::Payloads encode(
        hg::Payloads payloads, const hg::PayloadContext& /*context*/
    ) const override {
        return payloads;
    }
    [[nodiscard]] hg::Payloads decode(hg::Payloads payloads, const hg::PayloadContext& context)
        const override {
        if (context.activity_type.empty() != of_activities && locked.exchange(false)) {
            throw std::runtime_error{"no key yet"};
        }
        return payloads;
    }

    mutable std::atomic<bool> locked{true};
    bool of_activities = false;
};

TEST_P(DataTest, ACodecThatFailsFailsTheTaskOrTheAttemptAndNotTheWorkflow) {
    for (const bool of_activities : {false, true}) {
        const auto codec = std::make_shared<Locked>();
        codec->of_activities = of_activities;
        start_app({.codecs = {codec}});
        const auto flow = client_->start<&SecretFlow::run>(start_options(), "card");
        flow.signal<&SecretFlow::say>("word");
        static_cast<void>(flow.update<&SecretFlow::finish>("end"));
        EXPECT_THAT(flow.result(), HasSubstr("child of card"));
        EXPECT_FALSE(codec->locked);
        if (!of_activities) {
            EXPECT_THAT(flow.history().serialized(), HasSubstr("no key yet"));
        }
        client_.reset();
        app_.reset();
    }
}

}  // namespace
