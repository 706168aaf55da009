// Mutex, Semaphore and Channel in workflows of the dev server.
#include "tests/integration/workflow/fixture.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace syncs {

std::string looked_up(std::string text) {
    return "<" + text + ">";
}

const wf::ActivityOptions kLookUp{.start_to_close_timeout = 10s};

/// Its signals' handlers take turns, though each of them waits for an activity.
class TakesTurns {
public:
    hg::Task<std::string> run() {
        co_await wf::wait_condition([this] { return finish_; });
        co_await wf::wait_condition(&wf::all_handlers_finished);
        co_return log_;
    }
    hg::Task<void> add(std::string text) {
        const wf::MutexLock lock = co_await mutex_.lock();
        log_ += "(" + text;
        const std::string found = co_await wf::execute_activity<&looked_up>(kLookUp, text);
        log_ += found + ")";
    }
    void finish() { finish_ = true; }

private:
    wf::Mutex mutex_;
    std::string log_;
    bool finish_ = false;
};

/// Never more than two activities at once.
class Limits {
public:
    hg::Task<std::vector<int>> run(int count) {
        std::vector<wf::TaskHandle<void>> tasks;
        for (int i = 0; i < count; ++i) {
            tasks.push_back(wf::spawn(look_up()));
        }
        co_await wf::all(tasks);
        co_return std::vector<int>{most_, done_, static_cast<int>(places_.available())};
    }

private:
    hg::Task<void> look_up() {
        co_await places_.acquire();
        most_ = std::max(most_, ++running_);
        static_cast<void>(co_await wf::execute_activity<&looked_up>(kLookUp, "x"));
        --running_;
        ++done_;
        places_.release();
    }
    wf::Semaphore places_{2};
    int running_ = 0;
    int most_ = 0;
    int done_ = 0;
};

/// What its signals bring goes through a channel to a Task that looks each of them up.
class Pipes {
public:
    hg::Task<std::string> run() {
        const auto consumer = wf::spawn(consume());
        co_await wf::wait_condition([this] { return finish_; });
        co_await wf::wait_condition(&wf::all_handlers_finished);
        channel_.close();
        co_await consumer;
        co_return log_;
    }
    hg::Task<void> add(std::string text) { co_await channel_.send(std::move(text)); }
    void finish() { finish_ = true; }

private:
    hg::Task<void> consume() {
        while (true) {
            const std::optional<std::string> text = co_await channel_.receive();
            if (!text) {
                co_return;
            }
            const std::string found = co_await wf::execute_activity<&looked_up>(kLookUp, *text);
            log_ += found;
        }
    }
    wf::Channel<std::string> channel_{1};
    std::string log_;
    bool finish_ = false;
};

}  // namespace syncs

HOURGLASS_ACTIVITY(syncs::looked_up);
HOURGLASS_WORKFLOW(syncs::TakesTurns, run, signals(add, finish));
HOURGLASS_WORKFLOW(syncs::Limits, run);
HOURGLASS_WORKFLOW(syncs::Pipes, run, signals(add, finish));

namespace {

class SyncTest : public WorkflowTest {
protected:
    template <auto Run, auto Add, auto Finish>
    std::string send_three() {
        const auto handle = start<Run>();
        for (const auto* text : {"a", "b", "c"}) {
            handle.template signal<Add>(text);
        }
        handle.template signal<Finish>();
        return handle.result();
    }
};

TEST_P(SyncTest, AMutexLetsHandlersInOneAfterTheOther) {
    using syncs::TakesTurns;
    const std::string log = send_three<&TakesTurns::run, &TakesTurns::add, &TakesTurns::finish>();
    EXPECT_EQ(log, "(a<a>)(b<b>)(c<c>)");
}

TEST_P(SyncTest, ASemaphoreHasAsManyPlacesAsItSays) {
    EXPECT_THAT(execute<&syncs::Limits::run>(5), testing::ElementsAre(2, 5, 2));
}

TEST_P(SyncTest, AChannelKeepsTheOrderAndEndsWhenItIsClosed) {
    using syncs::Pipes;
    const std::string log = send_three<&Pipes::run, &Pipes::add, &Pipes::finish>();
    EXPECT_EQ(log, "<a><b><c>");
}

INSTANTIATE_TEST_SUITE_P(Replay, SyncTest, with_and_without_cache(), cache_name);

}  // namespace
