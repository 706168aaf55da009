// Forks of a program whose Application works: 100 of them over two generations, while orders are on
// their way. Each child runs workflows with its own tree under its own identity; the parent notices
// nothing.
#include "fork_flows.hpp"
#include "hourglass/client/admin.hpp"
#include "subject.hpp"
#include "tests/support/forked.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <signal.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::end_of;
using hg::test::eventually;
using hg::test::forked;
using hg::test::unique;

/// Half of them have a child of their own: two forks each.
int children() {
    const char* text = std::getenv("HOURGLASS_FORKS");
    return (text != nullptr ? std::stoi(text) : 100) / 2;
}

void require(bool fine, const std::string& what) {
    if (!fine) {
        throw std::runtime_error{what};
    }
}

std::string me() {
    return "\"" + std::to_string(::getpid()) + "@";
}

/// An order on a worker that this process starts for it, and one on the queue that it shares with
/// its parent.
void work(Subject& subject) {
    hg::WorkerOptions own;
    own.task_queue = unique("child");
    subject.app().start_worker(own);
    const auto id = unique("own");
    auto order = subject.client().start<&Order::run>({.id = id, .task_queue = own.task_queue}, id);
    order.signal<&Order::add>(1);
    order.signal<&Order::add>(10);
    require(order.result() == expected_result(id), "its own order has another result");
    const std::string history = order.history().to_json();
    require(history.find(me()) != std::string::npos, "it worked under another identity");
    require(
        history.find("\"" + std::to_string(::getppid()) + "@") == std::string::npos,
        "it worked under its parent's identity"
    );
    require(subject.client().identity().starts_with(std::to_string(::getpid()) + "@"), "client");
    const auto shared = unique("shared");
    require(
        subject.start_order(shared).result() == expected_result(shared),
        "an order on the shared queue has another result"
    );
    require(subject.restarts().at("Runtime") == 0, "its tree is not a fresh one");
}

/// In a child: works, and has a child that works; both end in order, so that nothing on the shared
/// queue has to time out.
/// @param first  works itself before it has the child; else the child is one of a process that has
/// not used anything.
int work_over_two_generations(std::unique_ptr<Subject>& subject, bool first) {
    if (first) {
        work(*subject);
    }
    require(
        end_of(forked([&] {
            work(*subject);
            subject.reset();
            return 0;
        })) == "status 0",
        "its child failed"
    );
    if (!first) {
        work(*subject);
    }
    subject.reset();
    return 0;
}

/// Orders on their way in the parent, one after the other on each of some threads.
class Load {
public:
    Load(Subject& subject, int threads) {
        for (int i = 0; i < threads; ++i) {
            threads_.emplace_back([this, &subject](const std::stop_token& stop) {
                while (!stop.stop_requested()) {
                    const auto id = unique("load");
                    const auto result = subject.start_order(id).result();
                    ++(result == expected_result(id) ? right : wrong);
                }
            });
        }
    }

    void end() {
        for (auto& thread : threads_) {
            thread.request_stop();
        }
        threads_.clear();
    }

    std::atomic<int> right{0};
    std::atomic<int> wrong{0};

private:
    std::vector<std::jthread> threads_;
};

class ForkTest : public ::testing::Test {
protected:
    void SetUp() override { hg::log::set_level(hg::log::Level::Error); }
    void TearDown() override { hg::log::set_level(hg::log::Level::Info); }
};

TEST_F(ForkTest, EachChildWorksByItselfAndTheParentNoticesNothing) {
    auto subject = std::make_unique<Subject>(subject_options(unique("fork")));
    ASSERT_TRUE(subject->polls());
    {
        Load warm_up{*subject, 3};
        ASSERT_TRUE(eventually([&] { return warm_up.right >= 6; }));
        warm_up.end();
    }
    const auto before = Resources::now();
    const auto begin = std::chrono::steady_clock::now();
    Load load{*subject, 3};
    std::deque<pid_t> running;
    const auto wait_for_first = [&running] {
        const auto end = end_of(running.front());
        running.pop_front();
        ASSERT_EQ(end, "status 0");
    };
    for (int i = 0; i < children(); ++i) {
        running.push_back(
            forked([&] { return work_over_two_generations(subject, i % 3 != 0); }, 120s)
        );
        if (running.size() == 4) {
            ASSERT_NO_FATAL_FAILURE(wait_for_first()) << "child " << i - 3;
        }
    }
    while (!running.empty()) {
        ASSERT_NO_FATAL_FAILURE(wait_for_first());
    }
    load.end();
    std::cout << "fork: " << 2 * children() << " forks in "
              << std::chrono::duration_cast<std::chrono::milliseconds>(
                     std::chrono::steady_clock::now() - begin
                 )
                     .count()
              << " ms, " << load.right << " orders of the parent meanwhile\n";
    EXPECT_EQ(load.wrong, 0);
    EXPECT_GT(load.right, 0);
    for (const auto& [child, restarts] : subject->restarts()) {
        EXPECT_EQ(restarts, 0u) << child;
    }
    EXPECT_TRUE(eventually([&] {
        const auto now = Resources::now();
        return now.threads <= before.threads && now.files <= before.files &&
               now.connections == before.connections;
    })) << "threads "
        << before.threads << " -> " << Resources::now().threads << ", files " << before.files
        << " -> " << Resources::now().files << ", connections " << before.connections << " -> "
        << Resources::now().connections;
}

// A poller that lives on in a child, or was left behind by one, would take this task.
TEST_F(ForkTest, NobodyPollsAQueueWhoseWorkerThereIsOnlyInTheParentsMemory) {
    Subject subject{subject_options(unique("left"))};
    hg::WorkerOptions temporary;
    temporary.task_queue = unique("temporary");
    subject.app().start_worker(temporary);
    ASSERT_TRUE(subject.app().wait_until_polling(temporary.task_queue, 20s));
    int go[2];
    ASSERT_EQ(::pipe(go), 0);
    const auto child = forked([&] {
        ::close(go[1]);  // before its isolation server gets a copy
        require(subject.polls(), "its default worker does not poll");
        char byte = 0;
        return static_cast<int>(::read(go[0], &byte, 1));
    });
    subject.app().stop_worker(temporary.task_queue);
    auto order = subject.client().start<&Order::run>(
        {.id = unique("left"), .task_queue = temporary.task_queue}, "left"
    );
    std::this_thread::sleep_for(2s);
    EXPECT_EQ(order.history().to_json().find("WORKFLOW_TASK_STARTED"), std::string::npos);
    order.terminate("test");
    ::close(go[1]);
    EXPECT_EQ(end_of(child), "status 0");
    ::close(go[0]);
}

TEST_F(ForkTest, BringsPermanentWorkersBackAndTellsOfTheOthers) {
    auto options = subject_options(unique("workers"));
    options.client.identity = "given";
    Subject subject{options};
    std::atomic<int> told{0};
    subject.app().on_worker_lost([&](const std::string& queue) {
        // In the child, whose tree may just start.
        require(subject.pids(queue).empty(), "it was told of a worker that is there");
        require(hg::admin::check_health(subject.client()), "the server");
        ++told;
    });
    hg::WorkerOptions kept;
    kept.task_queue = unique("kept");
    kept.restart = hg::WorkerRestart::Permanent;
    kept.identity = "a-worker";
    hg::WorkerOptions lost;
    lost.task_queue = unique("lost");
    subject.app().start_worker(kept);
    subject.app().start_worker(lost);
    EXPECT_EQ(
        end_of(forked([&] {
            const hg::test::LogLines lines;
            hg::log::set_level(hg::log::Level::Warn);
            require(subject.app().wait_until_polling(kept.task_queue, 20s), "permanent");
            require(subject.polls(), "default");
            require(eventually([&] { return told > 0; }), "it was not told");
            require(told == 1 && lines.count("DynamicWorkerLost") == 1, "it was not told once");
            require(subject.pids(lost.task_queue).empty(), "temporary");
            const auto id = unique("kept");
            auto order =
                subject.client().start<&Order::run>({.id = id, .task_queue = kept.task_queue}, id);
            order.signal<&Order::add>(1);
            order.signal<&Order::add>(10);
            require(order.result() == expected_result(id), "result");
            const auto pid = std::to_string(::getpid());
            const auto history = order.history().to_json();
            require(
                history.find("\"given#" + pid + "\"") != std::string::npos, "client's identity"
            );
            require(subject.client().identity() == "given#" + pid, "client");
            return 0;
        })),
        "status 0"
    );
    EXPECT_EQ(told, 0);
    EXPECT_TRUE(subject.app().wait_until_polling(lost.task_queue, 1s));
    EXPECT_EQ(subject.client().identity(), "given");
}

// What was made before the fork goes on in the child: a handle, a client of its own, a call.
TEST_F(ForkTest, HandlesAndClientsOfBeforeWorkInTheChild) {
    Subject subject{subject_options(unique("handles"))};
    const auto outside = hg::Client::connect({.address = hg::test::server_address()});
    const auto id = unique("handle");
    auto order = subject.client().start<&Order::run>({.id = id, .task_queue = subject.queue()}, id);
    order.signal<&Order::add>(1);
    const auto waiting = order.result_async();
    EXPECT_EQ(
        end_of(forked([&] {
            outside.handle<&Order::run>(id).signal<&Order::add>(10);
            require(order.result() == expected_result(id), "result");
            require(outside.identity().starts_with(std::to_string(::getpid()) + "@"), "identity");
            try {
                waiting.get();
            } catch (const hg::BrokenPromiseError&) {
                return 0;
            }
            return 1;
        })),
        "status 0"
    );
    EXPECT_EQ(waiting.get(), expected_result(id));
    EXPECT_EQ(order.result(), expected_result(id));
    EXPECT_EQ(outside.handle<&Order::run>(id).result(), expected_result(id));
}

TEST_F(ForkTest, AChildOfAnActivityMayWorkButMustNotComeBackOut) {
    Subject subject{subject_options(unique("inside"))};
    application_of_activities() = &subject;
    const auto said = subject.client().execute<&ForksInside::run>(
        {.id = unique("inside"), .task_queue = subject.queue()}
    );
    EXPECT_EQ(said, "status 0, status 70");
    const auto in_its_code = subject.client().execute<&ForksInItsCode::run>(
        {.id = unique("inside"), .task_queue = subject.queue()}
    );
    EXPECT_EQ(in_its_code, "status 70");
    application_of_activities() = nullptr;
    for (const auto& [child, restarts] : subject.restarts()) {
        EXPECT_EQ(restarts, 0u) << child;
    }
}

// The server that makes the processes of isolated activities is each process's own.
TEST_F(ForkTest, IsolatedActivitiesRunUnderAServerOfTheChildsOwn) {
    Subject subject{subject_options(unique("isolated"))};
    const auto server_of = [&] {
        return subject.client().execute<&AsksForItsServer::run>(
            {.id = unique("isolated"), .task_queue = subject.queue()}
        );
    };
    const long parents = server_of();
    subject.app().stop_worker(subject.queue());  // else it would take the child's
    hg::WorkerOptions childs;
    childs.task_queue = subject.queue();
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(
            end_of(forked([&] {
                subject.app().start_worker(childs);
                const long its = server_of();
                require(its != parents, "its parent's server made it");
                require(server_of() == its, "another server");
                return 0;
            })),
            "status 0"
        );
    }
    subject.app().start_worker(childs);
    EXPECT_EQ(server_of(), parents);
}

// A supervisor of processes sends its signals to the child, not to the parent.
TEST_F(ForkTest, AChildThatRunsStopsAtItsOwnSignal) {
    Subject subject{subject_options(unique("signal"))};
    ASSERT_TRUE(subject.polls());
    std::jthread runs{[&] { subject.app().run(); }};
    int ready[2];
    ASSERT_EQ(::pipe(ready), 0);
    const auto child = forked([&] {
        ::signal(SIGTERM, SIG_DFL);
        static_cast<void>(subject.app().tree());
        std::jthread tells{[&] {
            struct sigaction now{};
            while (::sigaction(SIGTERM, nullptr, &now) == 0 && now.sa_handler == SIG_DFL) {
                std::this_thread::yield();
            }
            require(subject.polls(), "it does not poll");
            static_cast<void>(!::write(ready[1], "!", 1));
        }};
        subject.app().run();
        return 0;
    });
    char byte = 0;
    ASSERT_EQ(::read(ready[0], &byte, 1), 1);
    ::kill(child, SIGTERM);
    EXPECT_EQ(end_of(child), "status 0");
    const auto id = unique("after");
    EXPECT_EQ(subject.start_order(id).result(), expected_result(id)) << "the parent runs on";
    subject.app().stop();
    ::close(ready[0]);
    ::close(ready[1]);
}

}  // namespace
}  // namespace chaos

int main(int argc, char** argv) {
    hourglass::isolation::start();
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
