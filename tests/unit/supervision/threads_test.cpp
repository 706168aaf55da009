// What only threads can show: handlers that do not return, and the end of a system.
#include "tests/unit/supervision/support.hpp"

#include <condition_variable>
#include <cstddef>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace hourglass::supervision::testing {
namespace {

/// Closed until opened; nobody waits longer than a minute.
class Gate {
public:
    void open() {
        const std::lock_guard lock{mutex_};
        open_ = true;
        changed_.notify_all();
    }
    /// @returns whether it was opened.
    bool wait() {
        std::unique_lock lock{mutex_};
        return changed_.wait_for(lock, 1min, [this] { return open_; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = false;
};

struct Blocking {
    Gate entered;
    Gate released;
    Gate destroyed;
};

/// Blocks in a handler until it is released.
class Blocker : public Process {
public:
    explicit Blocker(std::shared_ptr<Blocking> state) : state_{std::move(state)} {}
    ~Blocker() override { state_->destroyed.open(); }
    void block() {
        state_->entered.open();
        state_->released.wait();
    }
    int value() const { return 1; }

private:
    std::shared_ptr<Blocking> state_;
};

class ThreadsTest : public ::testing::Test {
protected:
    ThreadsTest() { log::set_sink(log_); }
    ~ThreadsTest() override { log::set_sink(nullptr); }

    std::shared_ptr<CapturedLog> log_ = std::make_shared<CapturedLog>();
    std::shared_ptr<Blocking> state_ = std::make_shared<Blocking>();

    ChildSpec blocker(std::chrono::nanoseconds shutdown) {
        auto made = child<Blocker>("blocker", state_);
        made.shutdown = Shutdown::within(shutdown);
        return made;
    }
};

TEST_F(ThreadsTest, AChildStuckInAHandlerIsAbandonedAndReported) {
    ThreadedSystem system{{.threads = 1}};
    const auto supervisor =
        system.start<Supervisor>(SupervisorSpec{.children = {blocker(10ms)}}).get();
    const auto stuck = Supervisor::child(supervisor, "blocker").get().as<Blocker>();
    stuck.cast(&Blocker::block);
    state_->entered.wait();
    const auto waiting = stuck.call(&Blocker::value, kInfinity);

    // The one thread of the pool is stuck: whoever finds that out must not need it.
    const auto terminated = Supervisor::terminate_child(supervisor, "blocker");
    terminated.get();
    EXPECT_FALSE(stuck.alive());
    const auto error = error_of<CallError>([&] { static_cast<void>(waiting.get()); });
    EXPECT_EQ(error.code(), CallErrorCode::ProcessExited)
        << "answered while the handler still runs";
    EXPECT_EQ(error.reason(), ExitReason::killed());

    const auto children = SupervisorBase::which_children(supervisor).get();
    EXPECT_EQ(children[0].abandoned, 1U);
    EXPECT_EQ(SupervisorBase::report(supervisor).get().abandoned, 1U);
    EXPECT_EQ(system.abandoned(), 1U);
    const auto lines = log_->with("child exited");
    ASSERT_EQ(lines.size(), 1U) << "one line, which says both";
    EXPECT_EQ(log_->with("abandoned").size(), 1U);
    EXPECT_EQ(lines[0].level, log::Level::Warn);
    EXPECT_EQ(field(lines[0], "child"), "blocker");
    EXPECT_EQ(field(lines[0], "reason"), "killed");
    EXPECT_EQ(field(lines[0], "restarts"), "0");
    EXPECT_EQ(field(lines[0], "restarting"), "nothing");
    EXPECT_EQ(field(lines[0], "asked"), "yes");

    const Pid next = Supervisor::restart_child(supervisor, "blocker").get();
    EXPECT_EQ(next.as<Blocker>().call(&Blocker::value).get(), 1) << "there is a thread for it";
    state_->released.open();
    state_->destroyed.wait();
}

TEST_F(ThreadsTest, TheCallWhoseHandlerIsAbandonedIsAnsweredAtOnce) {
    ThreadedSystem system{{.threads = 2}};
    const auto stuck = system.spawn<Blocker>(state_);
    const auto answer = stuck.call([](Blocker& b) { b.block(); }, kInfinity);
    state_->entered.wait();
    EXPECT_EQ(system.stop(stuck.pid(), ExitReason::shutdown(), 1ms).get(), ExitReason::killed());
    EXPECT_EQ(error_of<CallError>([&] { answer.get(); }).reason(), ExitReason::killed());
    state_->released.open();
    state_->destroyed.wait();
}

TEST_F(ThreadsTest, ATaskThatDoesNotEndIsAbandonedToo) {
    ThreadedSystem system{{.threads = 1}};
    const auto tasks = system.start<TaskSupervisor>(TaskSupervisorSpec{.shutdown = 1ms}).get();
    const auto task = TaskSupervisor::start_task(tasks, [state = state_] {
        state->entered.open();
        state->released.wait();
        state->destroyed.open();
    });
    state_->entered.wait();
    EXPECT_EQ(
        system.stop(tasks.pid(), ExitReason::shutdown(), kInfinity).get(), ExitReason::shutdown()
    );
    EXPECT_EQ(system.ended(task.pid).get(), ExitReason::killed());
    EXPECT_EQ(log_->with("abandoned").size(), 1U);
    EXPECT_EQ(log_->with("child exited").size(), 1U);
    state_->released.open();
    state_->destroyed.wait();
}

Ref<Supervisor> rest_for_one(
    ThreadedSystem& system, std::size_t max_restarts, std::vector<ChildSpec> children
) {
    const SupervisorSpec spec{
        .strategy = Strategy::RestForOne,
        .max_restarts = max_restarts,
        .children = std::move(children)
    };
    return system.start<Supervisor>(spec).get();
}

/// Lets go of what it has only when it is allowed to.
class SlowToGo : public Process {
public:
    SlowToGo(std::shared_ptr<Blocking> state, std::shared_ptr<Pid> address)
        : state_{std::move(state)}, address_{std::move(address)} {}
    ~SlowToGo() override {
        state_->entered.open();
        state_->released.wait();
    }

protected:
    void init() override { *address_ = self(); }

private:
    std::shared_ptr<Blocking> state_;
    std::shared_ptr<Pid> address_;
};

/// Ends with what it leans on.
class Leaner : public Process {
public:
    explicit Leaner(std::shared_ptr<Pid> base) : base_{std::move(base)} {}
    int value() const { return 1; }

protected:
    void init() override { monitor(*base_); }
    void handle_down(MonitorRef /*monitor*/, const Pid& /*process*/, const ExitReason& /*reason*/)
        override {
        stop(ExitReason::named("base_gone"));
    }

private:
    std::shared_ptr<Pid> base_;
};

TEST_F(ThreadsTest, AChildThatEndsSlowlyIsNotSeenToBeGoneBeforeItsSupervisorKnows) {
    ThreadedSystem system{{.threads = 3}};
    const auto address = std::make_shared<Pid>();
    const auto supervisor = rest_for_one(
        system, 2, {child<SlowToGo>("base", state_, address), child<Leaner>("leaner", address)}
    );
    const Pid base = *address;
    const auto first = Supervisor::child(supervisor, "leaner").get();
    base.exit(ExitReason::kill());
    state_->entered.wait();
    EXPECT_FALSE(base.alive()) << "and its supervisor does not know it yet";

    // Who begins to lean on it now waits to be told, instead of ending again and again.
    const auto successor_of = [&supervisor](const Pid& ended) {
        while (true) {
            for (const auto& each : SupervisorBase::which_children(supervisor).get()) {
                if (each.id == "leaner" && each.pid != ended && each.pid.alive()) {
                    return each.pid.as<Leaner>();
                }
            }
            std::this_thread::yield();
        }
    };
    first.exit(ExitReason::kill());
    const auto second = successor_of(first);
    EXPECT_EQ(second.call(&Leaner::value).get(), 1);
    state_->released.open();
    static_cast<void>(system.ended(second.pid()).get());
    EXPECT_EQ(successor_of(second.pid()).call(&Leaner::value).get(), 1)
        << "two restarts, and the limit is two";
}

/// Never answers, and drops what it has not answered before it is gone.
class Keeper : public Process {
public:
    Keeper(std::shared_ptr<Blocking> state, std::shared_ptr<Pid> address)
        : state_{std::move(state)}, address_{std::move(address)} {}
    ~Keeper() override {
        kept_.reset();
        state_->entered.open();
        state_->released.wait();
    }
    void ask(Reply<void> reply) { kept_ = std::move(reply); }
    int value() const { return 1; }

protected:
    void init() override { *address_ = self(); }

private:
    std::shared_ptr<Blocking> state_;
    std::shared_ptr<Pid> address_;
    std::optional<Reply<void>> kept_;
};

/// Ends when its question is not answered.
class Asker : public Process {
public:
    explicit Asker(std::shared_ptr<Pid> asked) : asked_{std::move(asked)} {}
    int value() const { return 1; }

protected:
    void init() override {
        request_async<void>(asked_->as<Keeper>(), &Keeper::ask, [this](Answer<void> /*answer*/) {
            stop(ExitReason::named("no_answer"));
        });
    }

private:
    std::shared_ptr<Pid> asked_;
};

TEST_F(ThreadsTest, AReplyThatIsDroppedOnTheWayOutIsNotTheFirstThatIsHeardOfIt) {
    ThreadedSystem system{{.threads = 3}};
    const auto address = std::make_shared<Pid>();
    const auto supervisor = rest_for_one(
        system, 1, {child<Keeper>("keeper", state_, address), child<Asker>("asker", address)}
    );
    const Pid keeper = *address;
    EXPECT_EQ(keeper.as<Keeper>().call(&Keeper::value).get(), 1) << "it has been asked";
    const auto asker = Supervisor::child(supervisor, "asker").get().as<Asker>();
    keeper.exit(ExitReason::kill());
    state_->entered.wait();
    EXPECT_EQ(asker.call(&Asker::value).get(), 1) << "it has heard nothing yet";
    state_->released.open();
    static_cast<void>(system.ended(asker.pid()).get());
    EXPECT_TRUE(supervisor.pid().alive());
}

TEST_F(ThreadsTest, APoolWhoseThreadsAllBlockGrows) {
    ThreadedSystem system{{.threads = 1}};
    const auto stuck = system.spawn<Blocker>(state_);
    stuck.cast(&Blocker::block);
    state_->entered.wait();
    const auto other = system.spawn<Blocker>(std::make_shared<Blocking>());
    EXPECT_EQ(other.call(&Blocker::value, 30s).get(), 1);
    state_->released.open();
    system.shutdown();  // the line is written behind the growth
    EXPECT_EQ(log_->with("block all threads").size(), 1U);
}

TEST_F(ThreadsTest, WhatAHandlerMadeReadyRunsAlthoughTheHandlerDoesNotReturn) {
    ThreadedSystem system{{.threads = 2}};
    const auto other = system.spawn<Blocker>(std::make_shared<Blocking>());
    EXPECT_EQ(other.call(&Blocker::value).get(), 1);
    const auto answered = std::make_shared<Gate>();
    const auto stuck = system.spawn<Blocker>(state_);
    stuck.cast([other, answered](Blocker& blocker) {
        other.cast([answered](Blocker& /*other*/) { answered->open(); });
        blocker.block();
    });
    EXPECT_TRUE(answered->wait());
    state_->released.open();
    system.shutdown();
    EXPECT_EQ(log_->with("block all threads").size(), 0U) << "one thread was free";
}

TEST_F(ThreadsTest, AHandlerThatOutlivesTheSystemDoesNoHarm) {
    Ref<Blocker> stuck;
    {
        ThreadedSystem system{{.threads = 2, .shutdown_timeout = 1ms}};
        stuck = system.spawn<Blocker>(state_);
        stuck.cast(&Blocker::block);
        state_->entered.wait();
    }
    EXPECT_FALSE(stuck.alive());
    EXPECT_EQ(log_->with("left behind").size(), 1U);
    state_->released.open();
    state_->destroyed.wait();
}

TEST_F(ThreadsTest, HandlesStayUsableAfterTheEndOfTheSystem) {
    std::optional<ThreadedSystem> owner{std::in_place};
    const System system = *owner;
    const auto process = system.spawn<Blocker>(state_);
    const auto tasks = owner->start<TaskSupervisor>().get();
    EXPECT_EQ(process.call(&Blocker::value).get(), 1);
    owner.reset();
    state_->destroyed.wait();
    EXPECT_FALSE(process.alive());
    EXPECT_FALSE(process.cast(&Blocker::block));
    EXPECT_EQ(
        error_of<CallError>([&] { static_cast<void>(process.call(&Blocker::value).get()); }).code(),
        CallErrorCode::NoProcess
    );
    EXPECT_FALSE(process.exit(ExitReason::kill()));
    EXPECT_FALSE(system.spawn<Blocker>(state_).alive());
    EXPECT_THROW(static_cast<void>(system.start<Blocker>(state_).get()), ChildError);
    EXPECT_FALSE(TaskSupervisor::start_task(tasks, [] {}).pid.alive());
    EXPECT_EQ(system.ended(process.pid()).get(), ExitReason::shutdown());
    EXPECT_TRUE(system.processes().empty());
}

TEST_F(ThreadsTest, TheEndOfTheSystemStopsTreesInOrderTheYoungestFirst) {
    const auto journal = std::make_shared<Journal>();
    {
        ThreadedSystem system;
        for (const std::string name : {"first", "second"}) {
            static_cast<void>(system
                                  .start<Supervisor>(SupervisorSpec{
                                      .children =
                                          {
                                              child<Probe>("a", name + ".a", journal),
                                              child<Probe>("b", name + ".b", journal),
                                          },
                                  })
                                  .get());
        }
        journal->take();
    }
    auto lines = journal->lines();
    std::erase_if(lines, [](const std::string& line) { return line.starts_with("gone"); });
    EXPECT_EQ(
        lines,
        (Lines{
            "end second.b: shutdown",
            "end second.a: shutdown",
            "end first.b: shutdown",
            "end first.a: shutdown"
        })
    );
}

TEST_F(ThreadsTest, AProcessCannotEndTheSystemItRunsIn) {
    ThreadedSystem system;
    const auto process = system.spawn<Blocker>(state_);
    const auto ended = process.call([&system](Blocker&) { system.shutdown(); });
    const auto error = error_of<CallError>([&] { ended.get(); });
    EXPECT_EQ(error.reason().exception_type(), "hourglass::ConfigurationError");
}

TEST_F(ThreadsTest, TimersFireOnTheRealClock) {
    ThreadedSystem system;
    const auto process = system.spawn<Blocker>(state_);
    const auto before = system.now();
    const auto kept = std::make_shared<Reply<int>>();
    const auto answer = process.call_async<int>(
        [kept](Blocker&, Reply<int> reply) { *kept = std::move(reply); }, 5ms
    );
    const auto error = error_of<CallError>([&] { static_cast<void>(answer.get()); });
    EXPECT_EQ(error.code(), CallErrorCode::Timeout);
    EXPECT_GE(system.now() - before, 5ms);
}

}  // namespace
}  // namespace hourglass::supervision::testing
