// Requests that a worker of Core hands out, whose server is in this process.
#include "src/worker/nexus_executor.hpp"

#include "hourglass/supervision/virtual_system.hpp"
#include "src/client/make_client.hpp"
#include "src/worker/registration.hpp"
#include "src/worker/task_coding.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"
#include "tests/unit/client/fake_channel.hpp"
#include "tests/unit/worker/nexus_registration.hpp"
#include "tests/unit/worker/nexus_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <utility>

namespace hourglass::worker {
namespace {

using coresdk::nexus::NexusTaskCancelReason;
using nexus::CancellationReason;
using supervision::DynamicSupervisor;
using supervision::ExitReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using namespace std::chrono_literals;

/// Leaves payloads as they are, but for one that it cannot decode and one that it cannot encode.
class PickyCodec final : public PayloadCodec {
public:
    [[nodiscard]] std::string name() const override { return "picky"; }
    [[nodiscard]] Payloads encode(Payloads payloads, const PayloadContext& /*of*/) const override {
        return without(std::move(payloads), R"("hello nobody")");
    }
    [[nodiscard]] Payloads decode(Payloads payloads, const PayloadContext& /*of*/) const override {
        return without(std::move(payloads), R"("gibberish")");
    }

private:
    static Payloads without(Payloads payloads, const std::string& refused) {
        for (const Payload& each : payloads) {
            if (each.data == refused) {
                throw PayloadCodecError{"not this one"};
            }
        }
        return payloads;
    }
};

class NexusExecutorTest : public ::testing::Test {
protected:
    NexusExecutorTest() {
        options_.task_queue = "greeters-queue";
        options_.nexus_services.add("greetings", "greet", [this](std::string name) {
            ++handled_;
            return "hello " + name;
        });
        // Waits until it is cancelled, or let go.
        options_.nexus_services.add("greetings", "wait", [this] {
            saw_shutdown_.store(false);
            std::promise<void> over;
            std::atomic<bool> told = false;
            const auto end = [&] {
                if (!told.exchange(true)) {
                    over.set_value();
                }
            };
            const std::stop_callback lets_go{let_go_.get_token(), end};
            const std::stop_callback stops{nexus::worker_shutdown(), [this] {
                                               saw_shutdown_.store(true);
                                           }};
            std::optional<std::stop_callback<std::function<void()>>> cancelled;
            if (listens_) {
                cancelled.emplace(nexus::cancellation(), end);
            }
            ++handled_;  // from here on it hears of everything
            over.get_future().wait();
            ended_with_.store(nexus::cancellation_reason());
            nexus::throw_if_cancelled();
            return "let go";
        });
    }
    ~NexusExecutorTest() override {
        let_go_.request_stop();
        end_registration();
        system_.shutdown();
        services_.pool->shutdown(60s);
        channel_->forget_open_calls();
    }

    void begin(std::shared_ptr<TaskCoding> coding = nullptr) {
        registration_ = register_for_nexus(server_, "greeters", options_, std::move(coding));
    }
    void end_registration() {
        if (registration_) {
            worker::end_registration(*registration_);
        }
    }

    void offer(
        const std::string& operation,
        const std::optional<std::string>& input = {},
        const std::string& timeout = "1h"
    ) {
        NexusServer::Task task;
        task.set_task_token("token");
        auto& request = *task.mutable_request();
        request.mutable_capabilities()->set_temporal_failure_responses(true);
        (*request.mutable_header())["Request-Timeout"] = timeout;
        auto& start = *request.mutable_start_operation();
        start.set_service("greetings");
        start.set_operation(operation);
        start.set_request_id("request-1");
        if (input) {
            start.mutable_payload()->set_data('"' + *input + '"');
            (*start.mutable_payload()->mutable_metadata())["encoding"] = "json/plain";
        }
        server_->offer(std::move(task));
    }
    std::shared_ptr<TaskLease> next() {
        auto polled = std::make_shared<std::promise<std::shared_ptr<TaskLease>>>();
        auto task = polled->get_future();
        registration_->poll(TaskKind::Nexus, [polled](PollOutcome outcome) {
            polled->set_value(std::move(outcome.task));
        });
        if (task.wait_for(30s) != std::future_status::ready) {
            throw std::runtime_error{"Core hands out no task"};
        }
        return task.get();
    }
    void dispatch_next() { dispatch_nexus(next(), executors_, services_); }
    /// Runs the processes until it is so.
    template <class Condition>
    [[nodiscard]] bool runs_until(Condition condition) {
        return test::eventually([&] {
            system_.run_until_idle();
            return condition();
        });
    }
    [[nodiscard]] bool is_answered() {
        return runs_until([this] { return !server_->answers().empty(); });
    }
    /// Nothing is left of any request.
    [[nodiscard]] bool all_is_over() {
        return runs_until([this] {
            return registration_->outstanding() == 0 && services_.running->size() == 0 &&
                   services_.pool->stats().running == 0 && services_.pool->stats().queued == 0;
        });
    }
    [[nodiscard]] bool is_handled() {
        return runs_until([this] { return handled_ == 1; });
    }
    void cancel(NexusTaskCancelReason reason) {
        coresdk::nexus::CancelNexusTask cancel;
        cancel.set_task_token("token");
        cancel.set_reason(reason);
        services_.running->cancel("token", cancel);
    }

    supervision::VirtualSystem system_;
    std::shared_ptr<client::FakeChannel> channel_ = std::make_shared<client::FakeChannel>();
    NexusServices services_{
        .pool =
            std::make_shared<activity::ThreadPool>(activity::ThreadPoolOptions{.max_threads = 1}),
        .client = hourglass::detail::make_context(channel_, {.namespace_ = "greeters"})
    };
    supervision::Ref<DynamicSupervisor> executors_ =
        system_.run(system_.start<DynamicSupervisor>());
    std::shared_ptr<NexusServer> server_ = std::make_shared<NexusServer>();
    WorkerOptions options_;
    std::shared_ptr<Registration> registration_;

    std::atomic<int> handled_ = 0;
    std::atomic<bool> listens_ = true;
    std::atomic<bool> saw_shutdown_ = false;
    std::atomic<std::optional<CancellationReason>> ended_with_{};
    std::stop_source let_go_;
};

TEST_F(NexusExecutorTest, ShipsTheAnswerAndEnds) {
    begin();
    offer("greet", "ada");
    dispatch_next();
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(server_->answers(), ElementsAre(R"(token "hello ada")"));
    EXPECT_TRUE(all_is_over());
}

TEST_F(NexusExecutorTest, WhoeverDropsTheLeaseSaysThatAnotherMayBeAsked) {
    begin();
    offer("greet", "ada");
    next().reset();
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(server_->answers(), ElementsAre(StartsWith("token UNAVAILABLE: ")));
    EXPECT_EQ(handled_, 0);
}

TEST_F(NexusExecutorTest, IsNotStartedByASupervisorThatHasEnded) {
    begin();
    executors_.exit(ExitReason::kill());
    system_.run_until_idle();
    offer("greet", "ada");
    dispatch_next();
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(server_->answers(), ElementsAre(StartsWith("token UNAVAILABLE: ")));
    EXPECT_EQ(handled_, 0);
    EXPECT_TRUE(all_is_over()) << "its place among the running ones is kept";
}

TEST_F(NexusExecutorTest, APayloadThatCannotBeDecodedIsNotHandled) {
    begin(TaskCoding::make(
        {.codecs = {std::make_shared<PickyCodec>()}},
        "greeters",
        [](const TaskCoding::Job& job) { job(); }
    ));
    offer("greet", "gibberish");
    dispatch_next();
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(
        server_->answers(),
        ElementsAre(StartsWith("token INTERNAL: the payloads of a task could not be decoded"))
    );
    EXPECT_EQ(handled_, 0);
    EXPECT_TRUE(all_is_over());
}

TEST_F(NexusExecutorTest, AResultThatCannotBeEncodedIsAnErrorInside) {
    begin(TaskCoding::make(
        {.codecs = {std::make_shared<PickyCodec>()}},
        "greeters",
        [](const TaskCoding::Job& job) { job(); }
    ));
    offer("greet", "nobody");
    dispatch_next();
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(
        server_->answers(),
        ElementsAre(StartsWith("token INTERNAL: the payloads of an answer to a task could not be "
                               "encoded"))
    );
    EXPECT_EQ(handled_, 1);
    EXPECT_TRUE(all_is_over());
}

/// A pool whose one thread is busy until this object ends.
class Busy {
public:
    explicit Busy(activity::ThreadPool& pool) {
        const auto begun = std::make_shared<std::promise<void>>();
        const bool posted = pool.post({
            .label = "busy",
            .run =
                [begun, go_on = go_on_.get_future().share()] {
                    begun->set_value();
                    go_on.wait();
                },
            .drop = [] {},
        });
        if (!posted) {
            throw std::runtime_error{"the pool is closed"};
        }
        begun->get_future().wait();
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() { go_on_.set_value(); }

private:
    std::promise<void> go_on_;
};

TEST_F(NexusExecutorTest, ARequestThatIsCancelledBeforeItsExecutorBeganIsNotHandled) {
    begin();
    offer("greet", "ada");
    {
        const Busy busy{*services_.pool};
        dispatch_next();
        cancel(coresdk::nexus::WORKER_SHUTDOWN);
        system_.run_until_idle();
        EXPECT_THAT(server_->answers(), IsEmpty());
    }
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(
        server_->answers(),
        ElementsAre("token UNAVAILABLE: the worker stopped before the operation's handler was "
                    "through")
    );
    EXPECT_TRUE(all_is_over());
    EXPECT_EQ(handled_, 0);
}

TEST_F(NexusExecutorTest, ARequestThatTimesOutBeforeItHasAThreadIsNotHandled) {
    begin();
    offer("greet", "ada");
    {
        const Busy busy{*services_.pool};
        dispatch_next();
        system_.run_until_idle();
        cancel(coresdk::nexus::TIMED_OUT);
        system_.run_until_idle();
    }
    ASSERT_TRUE(all_is_over());
    EXPECT_THAT(server_->answers(), IsEmpty()) << "nobody waits for it";
    EXPECT_EQ(handled_, 0);
}

TEST_F(NexusExecutorTest, TellsItsHandlerWhenCoreHasTimedItOut) {
    begin();
    offer("wait", {}, "100ms");
    dispatch_next();
    system_.run_until_idle();
    dispatch_next();  // what cancels it
    ASSERT_TRUE(all_is_over()) << "it still waits";
    // On a machine that has no time at all it was never begun.
    EXPECT_TRUE(handled_ == 0 || ended_with_.load() == CancellationReason::TimedOut);
    EXPECT_THAT(server_->answers(), IsEmpty());
}

TEST_F(NexusExecutorTest, OutlivesItsRegistrationWhichIsAnsweredOnce) {
    const test::LogLines lines;
    begin();
    offer("wait");
    dispatch_next();
    ASSERT_TRUE(is_handled());
    end_registration();
    EXPECT_THAT(server_->answers(), ElementsAre(StartsWith("token UNAVAILABLE: ")));
    let_go_.request_stop();
    ASSERT_TRUE(all_is_over()) << "a thread, or a process, is left behind";
    EXPECT_EQ(server_->answers().size(), 1U);
    EXPECT_EQ(lines.count("worker_not_registered: the answer to a Nexus request"), 1U);
}

TEST_F(NexusExecutorTest, KeepsTheDeadlineOfARequestThatOutlivesItsRegistration) {
    begin();
    offer("wait");
    dispatch_next();
    ASSERT_TRUE(is_handled());
    end_registration();
    system_.advance(30min);
    EXPECT_EQ(services_.pool->stats().running, 1U);
    system_.advance(31min);
    ASSERT_TRUE(all_is_over());
    EXPECT_EQ(ended_with_.load(), CancellationReason::TimedOut);
}

TEST_F(NexusExecutorTest, GivesItsHandlerTheGracePeriodAtTheEndOfTheProgram) {
    options_.graceful_shutdown_timeout = 10s;
    begin();
    offer("wait");
    dispatch_next();
    ASSERT_TRUE(is_handled());
    auto stopped = system_.stop(executors_.pid(), ExitReason::shutdown(), 60s);
    system_.advance(9s);
    EXPECT_TRUE(saw_shutdown_);
    EXPECT_EQ(services_.pool->stats().running, 1U) << "it was cancelled in its grace period";
    system_.advance(1s);
    ASSERT_TRUE(is_answered());
    EXPECT_EQ(ended_with_.load(), CancellationReason::WorkerShutdown);
    EXPECT_THAT(
        server_->answers(), ElementsAre(StartsWith("token UNAVAILABLE: the worker stopped"))
    );
    EXPECT_TRUE(runs_until([&] { return stopped.ready(); }));
}

TEST_F(NexusExecutorTest, LeavesAHandlerBehindThatDoesNotListen) {
    const test::LogLines lines;
    listens_ = false;
    begin();
    offer("wait");
    dispatch_next();
    ASSERT_TRUE(is_handled());
    auto stopped = system_.stop(executors_.pid(), ExitReason::shutdown(), 60s);
    system_.advance(4s);
    EXPECT_FALSE(stopped.ready());
    system_.advance(1s);
    EXPECT_TRUE(runs_until([&] { return stopped.ready(); }));
    ASSERT_TRUE(is_answered());
    EXPECT_THAT(server_->answers(), ElementsAre(StartsWith("token UNAVAILABLE: ")));
    EXPECT_EQ(lines.count("does not end although it was cancelled; it is left behind"), 1U);
    let_go_.request_stop();
    ASSERT_TRUE(all_is_over());
    EXPECT_EQ(server_->answers().size(), 1U) << "its late answer goes nowhere";
}

}  // namespace
}  // namespace hourglass::worker
