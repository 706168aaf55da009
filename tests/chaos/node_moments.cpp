#include "kills.hpp"
#include "moments.hpp"
#include "tally.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

/// Computed results are not lost.
void expect_effects_once(const std::string& id) {
    EXPECT_EQ(effects().count(id + "-first"), 1);
    EXPECT_EQ(effects().count(id + "-second"), 1);
}

/// The worker is registered and polls. There is no run in its cache, and nothing to do.
void while_idle(Subject& subject, const std::string& victim) {
    ASSERT_EQ(subject.work(), Work{});
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    expect_restarts(subject, expected);
}

/// A run is in the cache and waits for its second signal.
void with_a_cached_run(Subject& subject, const std::string& victim) {
    const auto id = unique("cached");
    auto order = subject.client().start<&Order::run>(subject.start_options(id), id);
    order.signal<&Order::add>(1);
    // Not while its last task is still on its way.
    ASSERT_TRUE(eventually([&] {
        return effects().count(id + "-second") == 1 && subject.work() == Work{.cached_runs = 1} &&
               order.history().events().back().type == "WorkflowTaskCompleted";
    })) << subject.work();
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    order.signal<&Order::add>(10);
    expect_result(order, expected_result(id));
    expect_effects_once(id);
    expect_restarts(subject, expected);
}

/// Activities and workflow tasks that wait at closed gates.
struct InHand {
    InHand(const Subject& subject, int count) : runs_before{flows::gated_activity_runs()} {
        flows::activity_gate().close();
        flows::workflow_gate().close();
        for (int i = 0; i < count; ++i) {
            const auto id = unique("in-hand");
            activities.push_back(subject.client().start<&flows::CallsGatedActivity::run>(
                subject.start_options(id + "-a"), id
            ));
            workflows.push_back(subject.client().start<&flows::GatedWorkflow::run>(
                subject.start_options(id + "-w"), id
            ));
            ids.push_back(id);
        }
        EXPECT_TRUE(flows::activity_gate().wait_for_arrivals(count));
        EXPECT_TRUE(flows::workflow_gate().wait_for_arrivals(count));
    }

    static void let_go() {
        flows::activity_gate().open();
        flows::workflow_gate().open();
    }

    void expect_results() const {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            expect_result(activities[i], ids[i] + " done");
            expect_result(workflows[i], ids[i]);
        }
        EXPECT_EQ(flows::gated_activity_runs(), runs_before + static_cast<int>(ids.size()))
            << "computed results are not lost";
    }

    int runs_before;
    std::vector<std::string> ids;
    std::vector<hg::WorkflowHandle<&flows::CallsGatedActivity::run>> activities;
    std::vector<hg::WorkflowHandle<&flows::GatedWorkflow::run>> workflows;
};

/// A workflow task and an activity are in hand; what they answer comes after the healing.
void with_work_in_hand(Subject& subject, const std::string& victim) {
    const InHand work{subject, 1};
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    InHand::let_go();
    work.expect_results();
    expect_restarts(subject, expected);
}

/// Answers are being given, to Core or already by it to the server.
void while_completing(Subject& subject, const std::string& victim) {
    Restarts expected = subject.restarts();
    for (int i = 0; i < 3; ++i) {
        const InHand work{subject, 3};
        InHand::let_go();
        sleep_at_most(3ms);
        kill_and_heal(subject, victim);
        expect_restarts_of(victim, expected);
        work.expect_results();
    }
    expect_restarts(subject, expected);
}

/// Orders are on their way, so tasks are polled, run and completed at the moment of the kill.
void under_load(Subject& subject, const std::string& victim) {
    constexpr int kOrders = 12;
    std::vector<OrderHandle> orders;
    std::vector<std::string> ids;
    for (int i = 0; i < kOrders; ++i) {
        ids.push_back(unique("load"));
        orders.push_back(subject.start_order(ids.back()));
    }
    sleep_at_most(60ms);
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    for (int i = 0; i < kOrders; ++i) {
        expect_result(orders[i], expected_result(ids[i]));
        expect_effects_once(ids[i]);
    }
    expect_restarts(subject, expected);
}

/// It is killed again as soon as it is there again: its start has hardly ended, or has not.
void while_starting(Subject& subject, const std::string& victim) {
    const auto id = unique("starting");
    auto order = subject.start_order(id);
    const Restarts before = subject.restarts();
    for (int i = 0; i < 3; ++i) {
        kill(subject, victim);
    }
    kill_and_heal(subject, victim);
    expect_result(order, expected_result(id));
    expect_effects_once(id);
    expect_restarts_up_to(subject, victim, before, 4);
}

/// The worker of another queue is being stopped.
void while_stopping(Subject& subject, const std::string& victim) {
    hg::WorkerOptions other;
    other.task_queue = unique("stopping");
    subject.app().start_worker(other);
    ASSERT_TRUE(subject.app().wait_until_polling(other.task_queue, 20s));
    std::jthread stopper{[&] {
        try {
            subject.app().stop_worker(other.task_queue);
        } catch (const hg::WorkerNotRunningError&) {
            return;  // the kill came first, and took it along
        }
    }};
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    stopper.join();
    EXPECT_TRUE(subject.pids(other.task_queue).empty());
    const auto id = unique("stopping");
    expect_result(subject.start_order(id), expected_result(id));
    expect_effects_once(id);
    expect_restarts(subject, expected);
}

/// The tree heals from something else at the moment.
void during_another_cascade(Subject& subject, const std::string& victim) {
    const auto id = unique("cascade");
    auto order = subject.start_order(id);
    for (const char* other : {"WorkerSupervisor", "BridgeHolder", "Runtime"}) {
        kill(subject, other);
        kill(subject, victim);
    }
    kill_and_heal(subject, "WorkerLauncher");
    expect_result(order, expected_result(id));
    expect_effects_once(id);
}

}  // namespace

const std::map<std::string, Moment>& node_moments() {
    static const std::map<std::string, Moment> all{
        {"idle", while_idle},
        {"cached_run", with_a_cached_run},
        {"work_in_hand", with_work_in_hand},
        {"completing", while_completing},
        {"under_load", under_load},
        {"starting", while_starting},
        {"stopping", while_stopping},
        {"another_cascade", during_another_cascade},
    };
    return all;
}

void sleep_at_most(std::chrono::microseconds longest) {
    thread_local std::minstd_rand random{std::random_device{}()};
    std::this_thread::sleep_for(std::chrono::microseconds{
        std::uniform_int_distribution<std::chrono::microseconds::rep>{0, longest.count()}(random)
    });
}

}  // namespace chaos
