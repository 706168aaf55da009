#include "src/subsystem/worker_book.hpp"

#include "tests/support/log_lines.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace hourglass::subsystem {
namespace {

using namespace std::chrono_literals;
using supervision::ChildReport;

WorkerOptions worker(const std::string& queue, WorkerRestart restart = WorkerRestart::Temporary) {
    WorkerOptions options;
    options.task_queue = queue;
    options.restart = restart;
    return options;
}

std::vector<std::string> queues(const std::vector<WorkerOptions>& workers) {
    std::vector<std::string> names;
    for (const auto& each : workers) {
        names.push_back(each.task_queue);
    }
    return names;
}

class WorkerBookTest : public ::testing::Test {
protected:
    WorkerBookTest() {
        book_.on_lost([this](const std::string& queue) { lost_.push_back(queue); });
    }
    void enter_running(const WorkerOptions& options) {
        ASSERT_TRUE(book_.enter(options, book_.next_ticket()));
        ASSERT_TRUE(book_.confirm(options.task_queue));
    }

    test::LogLines lines_;
    WorkerBook book_;
    std::vector<std::string> lost_;
};

TEST_F(WorkerBookTest, HasOneWorkerAQueue) {
    const auto ticket = book_.next_ticket();
    EXPECT_TRUE(book_.enter(worker("a"), ticket));
    EXPECT_TRUE(book_.enter(worker("a"), ticket)) << "the same call, made again after a cascade";
    EXPECT_FALSE(book_.enter(worker("a"), book_.next_ticket()));
    EXPECT_TRUE(book_.remove("a"));
    EXPECT_FALSE(book_.remove("a"));
    EXPECT_TRUE(book_.enter(worker("a"), book_.next_ticket()));
}

TEST_F(WorkerBookTest, BringsBackTheDefaultAndThePermanentOnes) {
    ASSERT_TRUE(book_.enter(worker("default"), WorkerBook::kDefaultWorker));
    enter_running(worker("kept", WorkerRestart::Permanent));
    EXPECT_EQ(queues(book_.missing({})), (std::vector<std::string>{"default", "kept"}));
    EXPECT_EQ(queues(book_.missing({})).size(), 2u) << "and again at the next cascade";
    EXPECT_TRUE(lost_.empty());
}

TEST_F(WorkerBookTest, StrikesOutTemporaryOnesAndTells) {
    enter_running(worker("lost"));
    EXPECT_TRUE(book_.missing({}).empty());
    EXPECT_TRUE(lost_.empty()) << "not while the tree starts";
    book_.tell_lost();
    EXPECT_EQ(lost_, std::vector<std::string>{"lost"});
    EXPECT_EQ(lines_.count("DynamicWorkerLost"), 1u);
    EXPECT_FALSE(book_.contains("lost"));
    EXPECT_TRUE(book_.missing({}).empty());
    book_.tell_lost();
    EXPECT_EQ(lost_.size(), 1u) << "once";
}

TEST_F(WorkerBookTest, LeavesThoseAloneThatRun) {
    enter_running(worker("runs"));
    ChildReport running;
    running.id = "runs";
    EXPECT_TRUE(book_.missing({running}).empty());
    EXPECT_TRUE(lost_.empty());
}

TEST_F(WorkerBookTest, StartsAgainWhatACascadeTookWhileItsCallerWaits) {
    ASSERT_TRUE(book_.enter(worker("starting"), book_.next_ticket()));
    EXPECT_EQ(queues(book_.missing({})), std::vector<std::string>{"starting"});
    EXPECT_TRUE(lost_.empty()) << "the caller has not heard that it runs";
}

TEST_F(WorkerBookTest, TellsTheOthersWhenASubscriberThrows) {
    WorkerBook book;
    int told = 0;
    book.on_lost([](const std::string&) { throw std::runtime_error{"from the test"}; });
    book.on_lost([](const std::string&) { throw 42; });
    book.on_lost([&](const std::string&) { ++told; });
    for (const char* queue : {"a", "b"}) {
        ASSERT_TRUE(book.enter(worker(queue), book.next_ticket()));
        ASSERT_TRUE(book.confirm(queue));
    }
    EXPECT_TRUE(book.missing({}).empty());
    book.tell_lost();
    EXPECT_EQ(told, 2);
    EXPECT_EQ(lines_.count("a callback of Application::on_worker_lost threw"), 4u);
}

TEST_F(WorkerBookTest, KnowsTheLongestGracePeriod) {
    EXPECT_EQ(book_.longest_grace_period(), 0ms);
    auto patient = worker("patient");
    patient.graceful_shutdown_timeout = 3s;
    enter_running(worker("hasty"));
    enter_running(patient);
    EXPECT_EQ(book_.longest_grace_period(), 3s);
}

TEST_F(WorkerBookTest, ListsWhichWorkersShouldBeThereAndWhichComeBack) {
    ASSERT_TRUE(book_.enter(worker("default"), WorkerBook::kDefaultWorker));
    enter_running(worker("kept", WorkerRestart::Permanent));
    enter_running(worker("passing"));
    std::vector<std::pair<std::string, bool>> listed;
    for (const auto& each : book_.workers()) {
        listed.emplace_back(each.options.task_queue, each.comes_back);
    }
    EXPECT_EQ(
        listed,
        (std::vector<std::pair<std::string, bool>>{
            {"default", true}, {"kept", true}, {"passing", false}
        })
    );
}

}  // namespace
}  // namespace hourglass::subsystem
