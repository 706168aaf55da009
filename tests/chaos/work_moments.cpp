#include "kills.hpp"
#include "moments.hpp"
#include "tally.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <future>
#include <stop_token>
#include <thread>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;
using GatedActivity = hg::WorkflowHandle<&flows::CallsGatedActivity::run>;
using GatedWorkflow = hg::WorkflowHandle<&flows::GatedWorkflow::run>;

constexpr const char* kCascades[] = {"WorkerSupervisor", "BridgeHolder", "Runtime"};

/// A worker of another queue, which waits for what it has in hand when it is stopped.
class OtherWorker {
public:
    explicit OtherWorker(Subject& subject) : subject_{subject} {
        options_.task_queue = unique("other");
        options_.graceful_shutdown_timeout = 20s;
        start();
    }

    void start() {
        subject_.app().start_worker(options_);
        EXPECT_TRUE(subject_.app().wait_until_polling(queue(), 20s));
    }

    /// Begins to stop it; what it has in hand holds it up.
    std::future<void> begin_to_stop() {
        auto stopped =
            std::async(std::launch::async, [this] { subject_.app().stop_worker(queue()); });
        EXPECT_TRUE(eventually([this] { return !subject_.registered(queue()); }));
        return stopped;
    }

    [[nodiscard]] const std::string& queue() const { return options_.task_queue; }

private:
    Subject& subject_;
    hg::WorkerOptions options_;
};

Pid kill_one_below(const Subject& subject, const std::string& supervisor) {
    return Processes{subject, supervisor}.kill_one();
}

GatedActivity start_at_the_activity_gate(
    const Subject& subject, const std::string& queue, const std::string& id
) {
    flows::activity_gate().close();
    auto handle = subject.client().start<&flows::CallsGatedActivity::run>(
        subject.start_options(id, queue), id
    );
    EXPECT_TRUE(flows::activity_gate().wait_for_arrivals(1));
    return handle;
}

GatedWorkflow start_at_the_workflow_gate(
    const Subject& subject, const std::string& queue, const std::string& id
) {
    flows::workflow_gate().close();
    auto handle =
        subject.client().start<&flows::GatedWorkflow::run>(subject.start_options(id, queue), id);
    EXPECT_TRUE(flows::workflow_gate().wait_for_arrivals(1));
    return handle;
}

/// An executor's death fails its attempt: the server hears of it at once, and tries again.
void executor_in_hand(Subject& subject, const std::string& executors) {
    const Restarts restarts = subject.restarts();
    const int runs_before = flows::gated_activity_runs();
    const auto id = unique("executor");
    auto activity = start_at_the_activity_gate(subject, subject.queue(), id);
    EXPECT_TRUE(died_of_it(kill_one_below(subject, executors)));
    EXPECT_TRUE(flows::activity_gate().wait_for_arrivals(2)) << "there is no second attempt";
    flows::activity_gate().open();
    expect_result(activity, id + " done");
    EXPECT_EQ(flows::gated_activity_runs(), runs_before + 2);
    expect_restarts(subject, restarts);
}

/// Its worker's registration ends at the same time, before or after it.
void executor_during_a_cascade(Subject& subject, const std::string& executors) {
    for (const char* other : kCascades) {
        const auto id = unique("executor");
        auto activity = start_at_the_activity_gate(subject, subject.queue(), id);
        Restarts restarts = subject.restarts();
        expect_restarts_of(other, restarts);
        kill(subject, other);
        sleep_at_most(5ms);
        EXPECT_TRUE(died_of_it(kill_one_below(subject, executors)));
        EXPECT_TRUE(flows::activity_gate().wait_for_arrivals(2)) << other;
        flows::activity_gate().open();
        expect_result(activity, id + " done");
        expect_restarts(subject, restarts);
    }
}

void executor_while_its_worker_stops(Subject& subject, const std::string& executors) {
    const Restarts restarts = subject.restarts();
    OtherWorker other{subject};
    const auto id = unique("executor");
    auto activity = start_at_the_activity_gate(subject, other.queue(), id);
    auto stopped = other.begin_to_stop();
    EXPECT_TRUE(died_of_it(kill_one_below(subject, executors)));
    // There is nothing left to wait for, unless the next attempt was faster than the stop.
    static_cast<void>(stopped.wait_for(2s));
    flows::activity_gate().open();
    stopped.get();
    other.start();
    expect_result(activity, id + " done");
    subject.app().stop_worker(other.queue());
    expect_restarts(subject, restarts);
}

/// An evaluation that has begun ends with its answer.
void evaluator_in_hand(Subject& subject, const std::string& evaluators) {
    const Restarts restarts = subject.restarts();
    const auto id = unique("evaluator");
    auto workflow = start_at_the_workflow_gate(subject, subject.queue(), id);
    const Pid evaluator = kill_one_below(subject, evaluators);
    flows::workflow_gate().open();
    expect_result(workflow, id);
    EXPECT_FALSE(died_of_it(evaluator));
    expect_restarts(subject, restarts);
}

void evaluator_during_a_cascade(Subject& subject, const std::string& evaluators) {
    for (const char* other : kCascades) {
        const auto id = unique("evaluator");
        auto workflow = start_at_the_workflow_gate(subject, subject.queue(), id);
        Restarts restarts = subject.restarts();
        expect_restarts_of(other, restarts);
        kill(subject, other);
        sleep_at_most(5ms);
        EXPECT_TRUE(kill_one_below(subject, evaluators));
        flows::workflow_gate().open();
        expect_result(workflow, id);
        expect_restarts(subject, restarts);
    }
}

void evaluator_while_its_worker_stops(Subject& subject, const std::string& evaluators) {
    const Restarts restarts = subject.restarts();
    OtherWorker other{subject};
    const auto id = unique("evaluator");
    auto workflow = start_at_the_workflow_gate(subject, other.queue(), id);
    auto stopped = other.begin_to_stop();
    EXPECT_TRUE(kill_one_below(subject, evaluators));
    flows::workflow_gate().open();
    stopped.get();
    other.start();
    expect_result(workflow, id);
    subject.app().stop_worker(other.queue());
    expect_restarts(subject, restarts);
}

/// Those that have work in hand are killed while they give their answers. Until one of them has not
/// ended before.
void while_completing(Subject& subject, const std::string& supervisor) {
    constexpr int kTries = 50;
    const Restarts restarts = subject.restarts();
    const Processes processes{subject, supervisor};
    int killed = 0;
    for (int i = 0; i < kTries && killed < 3; ++i) {
        const auto id = unique("completing");
        auto activity = start_at_the_activity_gate(subject, subject.queue(), id + "-a");
        auto workflow = start_at_the_workflow_gate(subject, subject.queue(), id + "-w");
        const auto in_hand = processes.now();
        flows::activity_gate().open();
        flows::workflow_gate().open();
        sleep_at_most(500us);
        for (const Pid& each : in_hand) {
            killed += kill_process(each) ? 1 : 0;
        }
        expect_result(activity, id + "-a done");
        expect_result(workflow, id + "-w");
    }
    EXPECT_GE(killed, 3);
    expect_restarts(subject, restarts);
}

/// Orders are on their way. Goes on until a process died of it that others have to answer for: most
/// evaluations are over before they hear of a kill.
void under_load(Subject& subject, const std::string& supervisor) {
    constexpr int kOrders = 12;
    constexpr int kTries = 50;
    const Restarts restarts = subject.restarts();
    const Processes processes{subject, supervisor};
    bool died = false;
    for (int i = 0; i < kTries && !died; ++i) {
        std::jthread killer{[&processes, &died](const std::stop_token& finished) {
            sleep_at_most(60ms);
            died = processes.kill_until_one_dies(finished);
        }};
        std::vector<OrderHandle> orders;
        std::vector<std::string> ids;
        for (int k = 0; k < kOrders; ++k) {
            ids.push_back(unique("load"));
            orders.push_back(subject.start_order(ids.back()));
        }
        int effects_in_all = 0;
        for (int k = 0; k < kOrders; ++k) {
            expect_result(orders[k], expected_result(ids[k]));
            effects_in_all += effects().count(ids[k] + "-first");
            effects_in_all += effects().count(ids[k] + "-second");
        }
        killer.request_stop();
        killer.join();
        EXPECT_GE(effects_in_all, 2 * kOrders);
        EXPECT_LE(effects_in_all, 2 * kOrders + 1) << "only the attempt that was killed runs again";
    }
    EXPECT_TRUE(died) << "no kill met a process before its end";
    expect_restarts(subject, restarts);
}

}  // namespace

const std::map<std::string, Moment>& executor_moments() {
    static const std::map<std::string, Moment> all{
        {"work_in_hand", executor_in_hand},
        {"completing", while_completing},
        {"under_load", under_load},
        {"stopping", executor_while_its_worker_stops},
        {"another_cascade", executor_during_a_cascade},
    };
    return all;
}

const std::map<std::string, Moment>& evaluator_moments() {
    static const std::map<std::string, Moment> all{
        {"work_in_hand", evaluator_in_hand},
        {"completing", while_completing},
        {"under_load", under_load},
        {"stopping", evaluator_while_its_worker_stops},
        {"another_cascade", evaluator_during_a_cascade},
    };
    return all;
}

}  // namespace chaos
