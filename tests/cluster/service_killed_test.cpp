// A cluster of four services, several worker processes, and one service that is killed and comes
// back while they work. scripts/test cluster runs it.
#include "deliveries.hpp"
#include "tests/integration/workflow/recorded_events.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/client/task_queues.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cluster {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using hg::test::eventually;
using hg::test::unique;
using testing::IsEmpty;
using testing::Not;

constexpr int kWorkers = 3;
// The machine may be busy with other things, and what is lost on its way costs 10 s at a time.
constexpr std::chrono::minutes kPatience{3};

/// scripts/cluster, at the cluster that the tests run on.
void tell_cluster(const std::string& command) {
    const char* script = std::getenv("HOURGLASS_TEST_CLUSTER");
    if (script == nullptr) {
        throw std::runtime_error{
            "HOURGLASS_TEST_CLUSTER is not set; scripts/test cluster starts a cluster"
        };
    }
    const auto done = hg::test::run("'" + std::string{script} + "' " + command);
    if (done.code != 0) {
        throw std::runtime_error{"scripts/cluster " + command + ": " + done.output};
    }
}

/// A process with a worker, and what it said.
class Worker {
public:
    Worker(const std::string& queue, const std::string& book, std::string log)
        : log_{std::move(log)}, process_{{HOURGLASS_DELIVERY_WORKER, queue, book}, log_} {}

    [[nodiscard]] std::string said() const {
        std::ifstream file{log_};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    [[nodiscard]] bool runs() { return process_.runs(); }
    int stop() {
        process_.signal(SIGTERM);
        return process_.wait();
    }

private:
    std::string log_;
    hg::test::ChildProcess process_;
};

class AServiceThatIsKilled : public testing::TestWithParam<const char*> {
protected:
    using Handle = hg::WorkflowHandle<&Delivery::run>;

    void SetUp() override {
        for (int i = 0; i < kWorkers; ++i) {
            workers_.push_back(std::make_unique<Worker>(
                queue_, folder_.path() + "/book", folder_.path() + "/" + std::to_string(i)
            ));
        }
        for (const auto& worker : workers_) {
            ASSERT_TRUE(
                eventually([&] { return worker->said().find("polls") != std::string::npos; }, 90s)
            ) << worker->said();
        }
    }

    /// Whatever a case threw on its way: the next one finds the service at work.
    void TearDown() override { tell_cluster(std::string{"start "} + GetParam()); }

    hg::Future<Handle> begin_to_start() {
        ids_.push_back(unique("delivery"));
        return client_.start_async<&Delivery::run>(
            {.id = ids_.back(), .task_queue = queue_, .task_timeout = 5s}, ids_.back()
        );
    }

    void start(int count) {
        for (int i = 0; i < count; ++i) {
            deliveries_.push_back(begin_to_start().get());
        }
    }

    /// Whoever began an attempt, from that entry of the book on.
    [[nodiscard]] std::set<pid_t> busy_since(std::size_t entry) const {
        std::set<pid_t> found;
        const auto entries = book_.entries();
        for (std::size_t i = entry; i < entries.size(); ++i) {
            if (!entries[i].end) {
                found.insert(entries[i].process);
            }
        }
        return found;
    }

    void expect_all_finish() {
        std::vector<hg::Future<std::string>> results;
        for (const auto& delivery : deliveries_) {
            delivery.signal<&Delivery::add>(1);
            delivery.signal<&Delivery::add>(10);
            results.push_back(delivery.result_async());
        }
        for (std::size_t i = 0; i < results.size(); ++i) {
            EXPECT_EQ(results[i].get(), expected_result(ids_[i]));
        }
        const std::string all = "TaskQueue = '" + queue_ + "'";
        const auto count = [&](const std::string& query) {
            return client_.count_workflows(query).total;
        };
        const auto started = static_cast<std::int64_t>(ids_.size());
        EXPECT_TRUE(eventually(
            [&] { return count(all + " AND ExecutionStatus = 'Completed'") == started; }, kPatience
        ));
        EXPECT_EQ(count(all), started) << "none was started twice";
    }

    /// The server counts an activity's attempts. Of those that it counted the last one was made,
    /// and none was made twice.
    void expect_no_attempt_was_made_twice() const {
        std::map<std::string, std::vector<unsigned>> made;
        for (const auto& entry : book_.entries()) {
            if (entry.end) {
                made[entry.activity].push_back(entry.attempt);
            }
        }
        std::size_t repeated = 0;
        for (const auto& delivery : deliveries_) {
            const auto history = delivery.history();
            const auto scheduled =
                recorded(history, temporal::api::enums::v1::EVENT_TYPE_ACTIVITY_TASK_SCHEDULED);
            const auto begun =
                recorded(history, temporal::api::enums::v1::EVENT_TYPE_ACTIVITY_TASK_STARTED);
            ASSERT_EQ(scheduled.size(), kLegs);
            ASSERT_EQ(begun.size(), kLegs);
            std::map<std::int64_t, std::string> names;
            for (const auto& event : scheduled) {
                names[event.event_id()] =
                    delivery.id() + "/" +
                    event.activity_task_scheduled_event_attributes().activity_id();
            }
            for (const auto& event : begun) {
                const auto& started = event.activity_task_started_event_attributes();
                const auto& name = names.at(started.scheduled_event_id());
                const auto last = static_cast<unsigned>(started.attempt());
                auto attempts = made[name];
                std::ranges::sort(attempts);
                EXPECT_THAT(attempts, Not(IsEmpty())) << name;
                EXPECT_EQ(std::ranges::adjacent_find(attempts), attempts.end()) << name;
                EXPECT_EQ(attempts.empty() ? 0 : attempts.back(), last) << name;
                repeated += last - 1;
            }
        }
        std::cout << ids_.size() << " workflows, " << ids_.size() * kLegs << " activities, "
                  << repeated << " attempts again\n";
    }

    static std::vector<hg::test::RecordedEvent> recorded(
        const hg::WorkflowHistory& history, temporal::api::enums::v1::EventType type
    ) {
        return hg::test::recorded_events(history, type);
    }

    [[nodiscard]] bool all_poll(hg::admin::TaskQueueKind kind) const {
        return eventually(
            [&] {
                try {
                    const auto found = hg::admin::describe_task_queue(client_, queue_, kind);
                    return found.pollers.size() == kWorkers;
                } catch (const hg::RpcError&) {
                    return false;
                }
            },
            kPatience
        );
    }

    const hg::test::TemporaryFolder folder_;
    const Book book_{folder_.path() + "/book"};
    const std::string queue_ = unique("deliveries");
    const hg::Client client_ =
        hg::Client::connect({.address = hg::test::server_address(), .rpc_timeout = kPatience});
    std::vector<std::unique_ptr<Worker>> workers_;
    std::vector<std::string> ids_;
    std::vector<Handle> deliveries_;
};

TEST_P(AServiceThatIsKilled, AndComesBackCostsNothingButTime) {
    const std::string service = GetParam();
    start(12);
    ASSERT_TRUE(eventually([&] { return book_.in_flight() >= 5; }, kPatience));

    tell_cluster("kill " + service);
    std::cout << service << " is killed, " << book_.in_flight() << " activities are in flight\n";
    std::vector<hg::Future<Handle>> meanwhile;
    for (int i = 0; i < 4; ++i) {
        meanwhile.push_back(begin_to_start());
    }
    std::this_thread::sleep_for(3s);
    tell_cluster("start " + service);
    const auto back = Clock::now();
    const auto written = book_.entries().size();
    for (auto& each : meanwhile) {
        deliveries_.push_back(each.get());
    }

    // Until each of the processes has been seen at work again, by itself.
    while (busy_since(written).size() < kWorkers && Clock::now() < back + kPatience) {
        start(3);
        static_cast<void>(eventually([&] { return busy_since(written).size() == kWorkers; }, 2s));
    }
    EXPECT_EQ(busy_since(written).size(), kWorkers);
    std::cout << "all work again after "
              << std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - back).count()
              << " ms\n";
    EXPECT_TRUE(all_poll(hg::admin::TaskQueueKind::Workflow));
    EXPECT_TRUE(all_poll(hg::admin::TaskQueueKind::Activity));

    expect_all_finish();
    expect_no_attempt_was_made_twice();
    for (const auto& worker : workers_) {
        EXPECT_TRUE(worker->runs());
        EXPECT_EQ(worker->stop(), 0) << worker->said();
    }
}

INSTANTIATE_TEST_SUITE_P(
    OfTheCluster,
    AServiceThatIsKilled,
    testing::Values("history", "matching", "frontend", "worker"),
    [](const auto& service) { return std::string{service.param}; }
);

}  // namespace
}  // namespace cluster
