#include "src/subsystem/bridge_holder.hpp"

#include "hourglass/base/unique_function.hpp"
#include "src/subsystem/connection_channel.hpp"
#include "src/subsystem/runtime.hpp"
#include "src/testing/frontend.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using supervision::ExitReason;

class BridgeHolderTest : public ::testing::Test {
protected:
    BridgeHolder::Options options() {
        return {
            .client = {.address = "127.0.0.1:9"},  // nobody is there
            .directory = directory_,
            .late = {.run = {}, .reports = {}},
            .registration_ended = [](std::uint64_t) {},
        };
    }

    supervision::ThreadedSystem system_;
    std::shared_ptr<Directory> directory_ = std::make_shared<Directory>();
    supervision::Ref<Runtime> runtime_ =
        system_
            .start<Runtime>(
                directory_,
                std::string{},
                std::make_shared<Meter>(TelemetryOptions{}, std::make_shared<CounterBook>()),
                std::nullopt
            )
            .get();
    supervision::Ref<BridgeHolder> holder_ = system_.start<BridgeHolder>(options()).get();
};

TEST_F(BridgeHolderTest, EndsInOrderNotBeforeCoreHasFinalizedItsWorkers) {
    directory_->reapings.begun();  // by an incarnation that died

    const auto ended = system_.stop(holder_.pid(), ExitReason::shutdown(), 60s);
    // It has been told by the time that it answers.
    EXPECT_EQ(holder_.call([](BridgeHolder&) { return 1; }).get(), 1);
    EXPECT_FALSE(ended.ready());
    directory_->reapings.ended();
    EXPECT_EQ(ended.get(), ExitReason::shutdown());
    EXPECT_TRUE(runtime_.pid().alive());
}

TEST_F(BridgeHolderTest, EndsWithTheRuntimeWithoutWaiting) {
    directory_->reapings.begun();
    const auto ended = system_.ended(holder_.pid());
    runtime_.exit(ExitReason::named("bridge_reloaded"));
    EXPECT_TRUE(ended.wait_for(20s)) << "a cascade does not wait";
}

/// Connects in this process, as often as it is allowed to, and keeps what it was asked for.
class Connects {
public:
    core::Connect connect() {
        return [this](auto runtime, const auto& options, auto callback) {
            const auto to = frontend_->connector();
            auto go_on = [to, runtime, options, callback = std::move(callback)]() mutable {
                to(runtime, options, std::move(callback));
            };
            {
                const std::lock_guard lock{mutex_};
                asked_.push_back(options.api_key);
                metadata_ = options.metadata;
                changed_.notify_all();
                if (held_) {
                    waiting_.push_back(std::move(go_on));
                    return;
                }
            }
            go_on();
        };
    }
    /// Later connections wait.
    void hold() {
        const std::lock_guard lock{mutex_};
        held_ = true;
    }
    void let_go() {
        std::vector<UniqueFunction<void()>> waiting;
        {
            const std::lock_guard lock{mutex_};
            held_ = false;
            waiting.swap(waiting_);
        }
        for (auto& each : waiting) {
            each();
        }
    }
    /// The keys of all connections so far, when there are that many.
    std::vector<std::string> keys(std::size_t count) {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, 20s, [&] { return asked_.size() >= count; });
        return asked_;
    }

    /// Of the newest one.
    core::Metadata metadata() {
        const std::lock_guard lock{mutex_};
        return metadata_;
    }

private:
    std::shared_ptr<testing::Frontend> frontend_ = std::make_shared<testing::Frontend>();
    std::mutex mutex_;
    std::condition_variable changed_;
    bool held_ = false;
    std::vector<UniqueFunction<void()>> waiting_;
    std::vector<std::string> asked_;
    core::Metadata metadata_;
};

class CredentialsTest : public BridgeHolderTest {
protected:
    using Keys = std::vector<std::string>;

    CredentialsTest() { system_.stop(holder_.pid(), ExitReason::shutdown(), 60s).get(); }
    ~CredentialsTest() override {
        connects_.let_go();
        system_.stop(its_.pid(), ExitReason::shutdown(), 60s).get();
    }

    BridgeHolder::Options with_key() {
        auto with = options();
        with.client.api_key = "first";
        with.client.rpc_timeout = 200ms;
        with.connect = connects_.connect();
        return with;
    }
    Future<core::VoidResult> replace(std::string key) {
        return its_.call_async<core::VoidResult>(
            [key](BridgeHolder& its, supervision::Reply<core::VoidResult> reply) {
                its.replace_credentials({.tls = TlsOptions{}, .api_key = key}, std::move(reply));
            },
            supervision::kInfinity
        );
    }
    [[nodiscard]] std::string key_in_use() const {
        return directory_->credentials->in(ClientOptions{.api_key = "first"}).api_key;
    }

    Connects connects_;
    supervision::Ref<BridgeHolder> its_ = system_.start<BridgeHolder>(with_key()).get();
};

TEST_F(CredentialsTest, AreThoseOfTheNextConnectionsAndOfTheSuccessors) {
    EXPECT_TRUE(replace("second").get());
    const auto connection = directory_->connection.get();
    EXPECT_TRUE(replace("third").get());
    EXPECT_NE(directory_->connection.get(), connection);
    EXPECT_EQ(connects_.keys(3), (Keys{"first", "second", "third"}));

    system_.stop(its_.pid(), ExitReason::shutdown(), 60s).get();
    its_ = system_.start<BridgeHolder>(with_key()).get();
    EXPECT_EQ(connects_.keys(4).back(), "third");
}

TEST_F(CredentialsTest, AreTakenInTheOrderInWhichTheyCame) {
    EXPECT_EQ(connects_.keys(1), Keys{"first"});
    connects_.hold();
    auto second = replace("second");
    auto third = replace("third");
    EXPECT_EQ(connects_.keys(2), (Keys{"first", "second"})) << "one at a time";
    connects_.let_go();
    EXPECT_TRUE(second.get());
    EXPECT_TRUE(third.get());
    EXPECT_EQ(key_in_use(), "third");
}

TEST_F(CredentialsTest, StayWhereTheServerDoesNotAnswerInTimeAndLaterDoes) {
    EXPECT_TRUE(replace("second").get());
    connects_.hold();
    const auto late = replace("third").get();
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().status, core::Status::Timeout);
    const auto connection = directory_->connection.get();
    connects_.let_go();
    EXPECT_EQ(its_.call([](BridgeHolder&) { return 1; }).get(), 1);
    EXPECT_EQ(key_in_use(), "second");
    EXPECT_EQ(directory_->connection.get(), connection);
}

TEST_F(CredentialsTest, OfTheHeadersAreThoseOfTheNextConnectionsAndOfTheSuccessors) {
    EXPECT_EQ(connects_.keys(1), Keys{"first"});
    const core::Metadata headers{{"tenant", "blue"}};
    its_.call([](BridgeHolder& its) {
            its.replace_headers({{"tenant", "blue"}});
            return 1;
        }
    ).get();
    EXPECT_EQ(connects_.metadata(), core::Metadata{}) << "no connection is made for that";
    EXPECT_TRUE(replace("second").get());
    EXPECT_EQ(connects_.metadata(), headers);

    system_.stop(its_.pid(), ExitReason::shutdown(), 60s).get();
    its_ = system_.start<BridgeHolder>(with_key()).get();
    EXPECT_EQ(connects_.keys(3).back(), "second");
    EXPECT_EQ(connects_.metadata(), headers);
}

// A tree that has just restarted has none.
TEST_F(CredentialsTest, AreTriedBeforeTheyCountWhereThereIsNoConnectionYet) {
    system_.stop(its_.pid(), ExitReason::shutdown(), 60s).get();
    connects_.hold();
    its_ = system_.start<BridgeHolder>(with_key()).get();
    auto replaced = replace("second").get();
    ASSERT_FALSE(replaced) << "nobody answered";
    EXPECT_EQ(key_in_use(), "first");
    connects_.let_go();
    EXPECT_TRUE(replace("third").get());
    EXPECT_EQ(key_in_use(), "third");
}

class NoConnectionTest : public BridgeHolderTest {
protected:
    NoConnectionTest() { system_.stop(holder_.pid(), ExitReason::shutdown(), 60s).get(); }

    std::future<client::RpcAnswer> call(
        std::chrono::milliseconds timeout = 60s, std::stop_token stop = {}
    ) {
        auto answered = std::make_shared<std::promise<client::RpcAnswer>>();
        ConnectionChannel{directory_}.call(
            {.method = "GetSystemInfo", .body = "", .timeout = timeout, .stop = std::move(stop)},
            [answered](client::RpcAnswer answer) { answered->set_value(std::move(answer)); }
        );
        return answered->get_future();
    }
    /// Why a call fails now.
    client::RpcFailure failure_of_a_call(std::chrono::milliseconds timeout = 60s) {
        return call(timeout).get().error();
    }
};

TEST_F(NoConnectionTest, IsToldToCallsWithTheReasonAndTheProxy) {
    const auto frontend = std::make_shared<testing::Frontend>();
    std::promise<void> refused;
    std::promise<void> connected;
    auto with = options();
    with.client.http_proxy = HttpProxyOptions{.address = "10.0.0.1:3128"};
    with.connect = [&, tries = 0](auto runtime, const auto& options, auto callback) mutable {
        if (++tries == 1) {
            callback(failure(core::CallError{
                .status = core::Status::ConnectFailed, .message = "Connection refused"
            }));
            refused.set_value();
            return;
        }
        frontend->connector()(
            runtime,
            options,
            [&connected, callback = std::move(callback)](core::ConnectResult result) mutable {
                callback(std::move(result));
                connected.set_value();
            }
        );
    };
    EXPECT_EQ(
        failure_of_a_call(1ms).message,
        "the application has no connection to the server at the moment"
    );
    auto waits = call();
    const auto its = system_.start<BridgeHolder>(std::move(with)).get();
    refused.get_future().get();
    EXPECT_EQ(waits.get().error().code, RpcCode::Unavailable);
    // What it was told before is done when it answers.
    EXPECT_EQ(its.call([](BridgeHolder&) { return 1; }).get(), 1);
    const auto failed = failure_of_a_call();
    EXPECT_EQ(failed.code, RpcCode::Unavailable);
    EXPECT_FALSE(failed.final);
    EXPECT_EQ(
        failed.message,
        "the application has no connection to the server: Connection refused, through the HTTP "
        "proxy at 10.0.0.1:3128"
    );
    connected.get_future().get();
    EXPECT_EQ(its.call([](BridgeHolder&) { return 1; }).get(), 1);
    EXPECT_TRUE(call().get());
    EXPECT_EQ(directory_->connection.trouble(), "");
    system_.stop(its.pid(), ExitReason::shutdown(), 60s).get();
}

TEST_F(NoConnectionTest, IsWaitedForWhileTheFirstOneIsBeingMade) {
    Connects connects;
    connects.hold();
    auto with = options();
    with.connect = connects.connect();
    const auto its = system_.start<BridgeHolder>(std::move(with)).get();
    static_cast<void>(connects.keys(1));
    auto waits = call();
    auto gives_up = call(1ms);
    EXPECT_EQ(gives_up.get().error().code, RpcCode::Unavailable);
    std::stop_source stop;
    auto stopped = call(60s, stop.get_token());
    stop.request_stop();
    EXPECT_EQ(waits.wait_for(0s), std::future_status::timeout);
    connects.let_go();
    EXPECT_TRUE(waits.get());
    EXPECT_FALSE(stopped.get()) << "nobody waits for it, so it is not sent";
    system_.stop(its.pid(), ExitReason::shutdown(), 60s).get();
}

TEST_F(NoConnectionTest, IsWaitedForUntilTheSuccessorOfAHolderThatDiedHasTried) {
    Connects connects;
    auto with = options();
    with.connect = [](auto /*runtime*/, const auto& /*options*/, auto callback) {
        callback(failure(
            core::CallError{.status = core::Status::ConnectFailed, .message = "Connection refused"}
        ));
    };
    const auto refused = system_.start<BridgeHolder>(with).get();
    while (directory_->connection.trouble().empty()) {
        EXPECT_EQ(refused.call([](BridgeHolder&) { return 1; }).get(), 1);
    }
    EXPECT_FALSE(call().get());
    const auto died = system_.ended(refused.pid());
    refused.exit(ExitReason::kill());
    died.wait();
    auto waits = call();
    EXPECT_EQ(waits.wait_for(0s), std::future_status::timeout) << "why that one failed is over";
    with.connect = connects.connect();
    const auto its = system_.start<BridgeHolder>(std::move(with)).get();
    EXPECT_TRUE(waits.get());
    system_.stop(its.pid(), ExitReason::shutdown(), 60s).get();
}

TEST_F(NoConnectionTest, IsNotWaitedForAnyMoreWhenTheApplicationStops) {
    auto waits = call();
    EXPECT_EQ(waits.wait_for(0s), std::future_status::timeout);
    directory_->end_calls(subsystem_has_ended());
    const auto answer = waits.get();
    EXPECT_TRUE(answer.error().final);
    EXPECT_EQ(answer.error().message, subsystem_has_ended().message);
}

TEST_F(NoConnectionTest, IsForGoodWhenTheApplicationHasStopped) {
    directory_->end_calls(subsystem_has_ended());
    const auto failed = failure_of_a_call();
    EXPECT_TRUE(failed.final);
    EXPECT_EQ(failed.message, subsystem_has_ended().message);
}

}  // namespace
}  // namespace hourglass::subsystem
