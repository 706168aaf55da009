// Crash storms, calls to the dying, kills during start and stop: whatever the interleaving, every
// call is answered, nothing is left behind, and no supervisor hangs.
#include "tests/unit/supervision/support.hpp"

#include <atomic>
#include <random>
#include <thread>

namespace hourglass::supervision::testing {
namespace {

constexpr std::size_t kNoLimit = 1'000'000;
constexpr auto kPatience = 60s;

class Victim : public Process {
public:
    void crash() { throw std::runtime_error{"storm"}; }
    int value() const { return 1; }
    void keep(Reply<int> reply) { kept_.push_back(std::move(reply)); }

private:
    std::vector<Reply<int>> kept_;
};

/// Its start takes a few turns, so that kills hit it half done.
class SlowStarter : public Victim {
protected:
    void init() override {
        trap_exit(true);
        defer_init();
        send_after(std::chrono::nanoseconds{0}, [this] { init_done(); });
    }
    void handle_stop(const ExitReason& reason) override {
        send_after(std::chrono::nanoseconds{0}, [this, reason] { stop(reason); });
    }
};

class StressTest : public ::testing::Test {
protected:
    StressTest() { log::set_level(log::Level::Off); }
    ~StressTest() override { log::set_level(log::Level::Info); }

    static void run_threads(int count, const std::function<void(int)>& work) {
        std::vector<std::thread> threads;
        for (int i = 0; i < count; ++i) {
            threads.emplace_back([&work, i] { work(i); });
        }
        for (auto& thread : threads) {
            thread.join();
        }
    }

    /// Whether the call was answered in time, however.
    template <class T>
    static bool answered(const Future<T>& future) {
        return future.wait_for(kPatience);
    }
};

TEST_F(StressTest, ACrashStormIsHealed) {
    ThreadedSystem system{{.threads = 3}};
    for (const auto strategy : {Strategy::OneForOne, Strategy::OneForAll, Strategy::RestForOne}) {
        const auto supervisor =
            system
                .start<Supervisor>(SupervisorSpec{
                    .strategy = strategy,
                    .max_restarts = kNoLimit,
                    .children = {child<Victim>("a"), child<SlowStarter>("b"), child<Victim>("c")},
                })
                .get();
        run_threads(3, [&](int thread) {
            std::minstd_rand random{static_cast<unsigned>(thread)};
            for (int i = 0; i < 30; ++i) {
                const std::string id(1, static_cast<char>('a' + random() % 3));
                try {
                    const auto victim = Supervisor::child(supervisor, id).get().as<Victim>();
                    if (random() % 2 == 0) {
                        victim.cast(&Victim::crash);
                    } else {
                        victim.exit(ExitReason::kill());
                    }
                    EXPECT_TRUE(answered(victim.call(&Victim::value, kInfinity)));
                } catch (const ChildError& error) {  // between two lives
                    EXPECT_EQ(error.code(), ChildErrorCode::NotFound);
                }
            }
        });
        EXPECT_TRUE(answered(Supervisor::start_child(supervisor, child<Victim>("last"))))
            << "behind all restarts";
        EXPECT_EQ(SupervisorBase::count_children(supervisor).get().specs, 4U);
        EXPECT_TRUE(answered(system.stop(supervisor.pid(), ExitReason::shutdown(), kInfinity)));
    }
}

TEST_F(StressTest, CallsToTheDyingAreAllAnswered) {
    ThreadedSystem system{{.threads = 3}};
    for (int round = 0; round < 20; ++round) {
        const auto victim = system.spawn<Victim>();
        run_threads(3, [&](int thread) {
            std::vector<Future<int>> futures;
            for (int i = 0; i < 20; ++i) {
                futures.push_back(victim.call(&Victim::value, kInfinity));
                futures.push_back(victim.call_async<int>(&Victim::keep, kInfinity));
                if (thread == 0 && i == 10) {
                    victim.exit(round % 2 == 0 ? ExitReason::kill() : ExitReason::shutdown());
                }
            }
            for (const auto& future : futures) {
                EXPECT_TRUE(answered(future));
            }
        });
    }
}

TEST_F(StressTest, KillsDuringStartAndStopLeaveNothingBehind) {
    ThreadedSystem system{{.threads = 3}};
    std::minstd_rand random{7};
    for (int round = 0; round < 30; ++round) {
        const auto started = system.start<Supervisor>(SupervisorSpec{
            .strategy = Strategy::RestForOne,
            .max_restarts = kNoLimit,
            .children =
                {
                    child<SlowStarter>("a"),
                    supervisor_child(
                        "below", {.children = {child<SlowStarter>("x"), child<Victim>("y")}}
                    ),
                    child<DynamicSupervisor>("dynamic"),
                    child<SlowStarter>("b"),
                },
        });
        if (round % 3 != 0) {
            started.wait();
        }
        auto living = system.processes();
        for (int i = 0; i < 3 && !living.empty(); ++i) {
            living[random() % living.size()].exit(ExitReason::kill());
        }
        std::vector<Future<ExitReason>> ends;
        for (const auto& pid : living) {
            if (!pid.name().empty()) {
                continue;  // its supervisor's to stop
            }
            ends.push_back(system.stop(pid, ExitReason::shutdown(), kInfinity));
        }
        for (const auto& end : ends) {
            EXPECT_TRUE(answered(end));
        }
        EXPECT_TRUE(answered(started));
    }
}

TEST_F(StressTest, TasksAreAllHeardOf) {
    class Starter : public Process {
    public:
        Starter(Ref<TaskSupervisor> tasks, int count) : tasks_{std::move(tasks)}, left_{count} {}
        void go(Reply<int> done) {
            done_ = std::move(done);
            for (int i = 0, count = left_; i < count; ++i) {
                TaskSupervisor::start_monitored(*this, tasks_, [i] {
                    if (i % 3 == 0) {
                        throw std::runtime_error{"task"};
                    }
                });
            }
        }

    protected:
        void handle_down(MonitorRef, const Pid&, const ExitReason& reason) override {
            crashed_ += reason.is_abnormal() ? 1 : 0;
            if (--left_ == 0) {
                done_.send(crashed_);
            }
        }

    private:
        Ref<TaskSupervisor> tasks_;
        int left_;
        int crashed_ = 0;
        Reply<int> done_;
    };

    ThreadedSystem system{{.threads = 3}};
    const auto tasks = system.start<TaskSupervisor>().get();
    const auto first = system.spawn<Starter>(tasks, 300);
    const auto second = system.spawn<Starter>(tasks, 300);
    const auto a = first.call_async<int>(&Starter::go, kInfinity);
    const auto b = second.call_async<int>(&Starter::go, kInfinity);
    EXPECT_EQ(a.get_for(kPatience), 100);
    EXPECT_EQ(b.get_for(kPatience), 100);
}

TEST_F(StressTest, ATaskSupervisorStoppedUnderLoadEndsItsTasks) {
    ThreadedSystem system{{.threads = 3}};
    for (int round = 0; round < 10; ++round) {
        const auto tasks = system.start<TaskSupervisor>().get();
        std::vector<Future<ExitReason>> ends;
        std::mutex mutex;
        run_threads(2, [&](int thread) {
            for (int i = 0; i < 50; ++i) {
                const auto task = TaskSupervisor::start_task(tasks, [] {});
                if (thread == 0 && i == 25) {
                    tasks.exit(ExitReason::shutdown());
                }
                const std::lock_guard lock{mutex};
                ends.push_back(system.ended(task.pid));
            }
        });
        for (const auto& end : ends) {
            EXPECT_TRUE(answered(end));
        }
        EXPECT_TRUE(answered(system.ended(tasks.pid())));
    }
}

TEST_F(StressTest, LinksAndMonitorsOfTheDyingDoNotLockEachOther) {
    class Linked : public Victim {
    public:
        void tie(const Pid& other) {
            link(other);
            monitor(other);
            unlink(other);
            link(other);
        }
    };
    ThreadedSystem system{{.threads = 3}};
    for (int round = 0; round < 10; ++round) {
        std::vector<Ref<Linked>> ring;
        for (int i = 0; i < 20; ++i) {
            ring.push_back(system.spawn<Linked>());
        }
        for (std::size_t i = 0; i < ring.size(); ++i) {
            const Pid next = ring[(i + 1) % ring.size()].pid();
            ring[i].cast([next](Linked& l) { l.tie(next); });
        }
        ring[0].cast(&Victim::crash);
        ring[10].exit(ExitReason::named("cut"));
        for (const auto& each : ring) {
            EXPECT_TRUE(answered(system.ended(each.pid())));
        }
    }
}

TEST_F(StressTest, ASystemMayEndUnderLoad) {
    for (int round = 0; round < 10; ++round) {
        auto system = std::make_unique<ThreadedSystem>(SystemOptions{.threads = 3});
        const System handle = *system;
        const auto supervisor = system
                                    ->start<Supervisor>(SupervisorSpec{
                                        .max_restarts = kNoLimit,
                                        .children = {child<Victim>("a"), child<SlowStarter>("b")},
                                    })
                                    .get();
        const auto tasks = system->start<TaskSupervisor>().get();
        const auto victim = system->spawn<Victim>();
        std::atomic<bool> over{false};
        std::atomic<int> running{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&] {
                do {
                    EXPECT_TRUE(answered(victim.call(&Victim::value, kInfinity)));
                    EXPECT_TRUE(answered(SupervisorBase::which_children(supervisor)));
                    TaskSupervisor::start_task(tasks, [] {});
                    EXPECT_TRUE(answered(handle.start<Victim>()));
                    ++running;
                } while (!over);
            });
        }
        while (running < 10) {
            std::this_thread::yield();
        }
        system.reset();
        over = true;
        for (auto& thread : threads) {
            thread.join();
        }
        EXPECT_TRUE(handle.processes().empty());
    }
}

}  // namespace
}  // namespace hourglass::supervision::testing
