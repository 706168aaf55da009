// The launcher over a real dynamic supervisor; the workers are processes that do nothing.
#include "src/subsystem/worker_launcher.hpp"

#include "hourglass/supervision/virtual_system.hpp"
#include "hourglass/worker/errors.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace hourglass::subsystem {
namespace {

using supervision::ChildSpec;
using supervision::DynamicSupervisor;
using supervision::ExitReason;
using supervision::Pid;
using supervision::Ref;
using supervision::Reply;

class IdleWorker final : public supervision::Process {};

class WorkerLauncherTest : public ::testing::Test {
protected:
    WorkerLauncherTest() { start_supervisor(); }

    void start_supervisor() {
        supervisor_ = system_.run(system_.start<DynamicSupervisor>());
        directory_->worker_supervisor.set(supervisor_);
    }
    Ref<WorkerLauncher> start_launcher() {
        return system_.run(system_.start<WorkerLauncher>(
            directory_,
            book_,
            [this](const WorkerOptions& worker) {
                if (worker.task_queue == broken_) {
                    return ChildSpec{
                        .id = worker.task_queue,
                        .start = []() -> std::unique_ptr<supervision::Process> {
                            throw std::runtime_error{"from the test"};
                        }
                    };
                }
                return supervision::child<IdleWorker>(worker.task_queue);
            }
        ));
    }
    static WorkerOptions worker(const std::string& queue) {
        WorkerOptions options;
        options.task_queue = queue;
        return options;
    }
    void start(
        const Ref<WorkerLauncher>& launcher, const std::string& queue, WorkerBook::Ticket ticket
    ) {
        system_.run(launcher.call_async<void>(
            [&](WorkerLauncher& self, Reply<void> reply) {
                self.start_worker(worker(queue), ticket, std::move(reply));
            },
            supervision::kInfinity
        ));
    }
    void stop(const Ref<WorkerLauncher>& launcher, const std::string& queue) {
        system_.run(launcher.call_async<void>(
            [&](WorkerLauncher& self, Reply<void> reply) {
                self.stop_worker(queue, std::move(reply));
            },
            supervision::kInfinity
        ));
    }
    std::vector<std::string> running() {
        std::vector<std::string> ids;
        for (const auto& child : system_.run(supervisor_.call([](DynamicSupervisor& supervisor) {
                 return supervisor.which_children();
             }))) {
            ids.push_back(child.id);
        }
        return ids;
    }

    supervision::VirtualSystem system_;
    std::shared_ptr<Directory> directory_ = std::make_shared<Directory>();
    std::shared_ptr<WorkerBook> book_ = std::make_shared<WorkerBook>();
    Ref<DynamicSupervisor> supervisor_;
    std::string broken_;
};

using Queues = std::vector<std::string>;

TEST_F(WorkerLauncherTest, StartsTheDefaultWorkerAtItsOwnStart) {
    ASSERT_TRUE(book_->enter(worker("default"), WorkerBook::kDefaultWorker));
    const auto first = start_launcher();
    EXPECT_EQ(running(), Queues{"default"});
    first.exit(ExitReason::kill());
    system_.run_until_idle();
    start_launcher();
    EXPECT_EQ(running(), Queues{"default"}) << "what still runs is not started twice";
}

TEST_F(WorkerLauncherTest, StartsAndStopsWorkersForCallers) {
    const auto launcher = start_launcher();
    start(launcher, "a", book_->next_ticket());
    EXPECT_THROW(start(launcher, "a", book_->next_ticket()), WorkerAlreadyRunningError);
    EXPECT_EQ(running(), Queues{"a"});
    stop(launcher, "a");
    EXPECT_TRUE(running().empty());
    EXPECT_FALSE(book_->contains("a"));
    stop(launcher, "a");  // made again after a cascade
}

TEST_F(WorkerLauncherTest, StrikesOutWhatDoesNotStart) {
    broken_ = "broken";
    const auto launcher = start_launcher();
    EXPECT_THROW(start(launcher, "broken", book_->next_ticket()), supervision::ChildError);
    EXPECT_FALSE(book_->contains("broken"));
    EXPECT_TRUE(launcher.pid().alive());
}

TEST_F(WorkerLauncherTest, GoesOnWithACallThatACascadeCutOff) {
    const auto ticket = book_->next_ticket();
    ASSERT_TRUE(book_->enter(worker("a"), ticket));  // as far as the first launcher came
    const auto launcher = start_launcher();
    EXPECT_EQ(running(), Queues{"a"}) << "its start is under way, so the tree brings it up";
    start(launcher, "a", ticket);
    EXPECT_EQ(running(), Queues{"a"});
    int lost = 0;
    book_->on_lost([&](const std::string&) { ++lost; });
    EXPECT_TRUE(book_->missing({}).empty());
    book_->tell_lost();
    EXPECT_EQ(lost, 1) << "from the answer on it is the caller's to lose";
}

TEST_F(WorkerLauncherTest, EndsWithItsWorkerSupervisor) {
    const auto launcher = start_launcher();
    supervisor_.exit(ExitReason::kill());
    system_.run_until_idle();
    EXPECT_THROW(start(launcher, "a", book_->next_ticket()), supervision::CallError);
    EXPECT_FALSE(launcher.pid().alive());
}

TEST_F(WorkerLauncherTest, LeavesNothingRunningWhenAStopOvertakesAStart) {
    const auto launcher = start_launcher();
    const auto call = [&](auto f) { return launcher.call_async<void>(f, supervision::kInfinity); };
    auto started = call([&](WorkerLauncher& self, Reply<void> reply) {
        self.start_worker(worker("a"), book_->next_ticket(), std::move(reply));
    });
    auto stopped = call([](WorkerLauncher& self, Reply<void> reply) {
        self.stop_worker("a", std::move(reply));
    });
    system_.run(std::move(stopped));
    EXPECT_THROW(system_.run(std::move(started)), WorkerNotRunningError);
    system_.advance(std::chrono::seconds{1});
    EXPECT_TRUE(running().empty());
    EXPECT_FALSE(book_->contains("a"));
}

}  // namespace
}  // namespace hourglass::subsystem
