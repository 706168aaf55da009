// Polls that are begun before anybody waits for them.
#include "src/worker/registration.hpp"
#include "tests/support/test_server.hpp"
#include "tests/unit/worker/nexus_registration.hpp"
#include "tests/unit/worker/nexus_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace hourglass::worker {
namespace {

using namespace std::chrono_literals;
using test::eventually;

class PollAheadTest : public ::testing::Test {
protected:
    ~PollAheadTest() override { end_registration(*registration_); }

    void offer(const std::string& token) {
        NexusServer::Task task;
        task.set_task_token(token);
        auto& request = *task.mutable_request();
        (*request.mutable_header())["Request-Timeout"] = "1h";
        request.mutable_start_operation()->set_service("service");
        request.mutable_start_operation()->set_operation("operation");
        server_->offer(std::move(task));
    }
    void poll_ahead() { registration_->poll_ahead(TaskKind::Nexus); }
    PollOutcome poll() {
        auto polled = std::make_shared<std::promise<PollOutcome>>();
        auto outcome = polled->get_future();
        registration_->poll(TaskKind::Nexus, [polled](PollOutcome told) {
            polled->set_value(std::move(told));
        });
        if (outcome.wait_for(30s) != std::future_status::ready) {
            throw std::runtime_error{"the poll is not answered"};
        }
        return outcome.get();
    }
    [[nodiscard]] bool are_outstanding(std::size_t tasks) {
        return eventually([&] { return registration_->outstanding() == tasks; });
    }

    std::shared_ptr<NexusServer> server_ = std::make_shared<NexusServer>();
    std::shared_ptr<Registration> registration_ = register_for_nexus(server_, "ahead", {});
};

TEST_F(PollAheadTest, BringsOneTaskForTheNextPoll) {
    poll_ahead();
    offer("first");
    ASSERT_TRUE(are_outstanding(1)) << "although nobody waits";
    offer("second");
    poll_ahead();  // nothing: one task waits
    EXPECT_EQ(poll().task->key(), "first");
    EXPECT_EQ(poll().task->key(), "second");
}

TEST_F(PollAheadTest, TellsTheNextPollWhyItFailed) {
    poll_ahead();
    server_->refuse_a_poll();
    ASSERT_TRUE(eventually([this] { return server_->refused() == 1; }));
    const auto refused = poll();
    EXPECT_EQ(refused.status, core::Status::Rpc);
    EXPECT_NE(refused.message.find("larger than max"), std::string::npos) << refused.message;
    offer("first");
    EXPECT_EQ(poll().task->key(), "first");
}

TEST_F(PollAheadTest, ATaskThatIsGivenBackComesBeforeTheOneThatWasPolledAhead) {
    offer("first");
    auto first = poll().task;
    offer("second");
    poll_ahead();
    ASSERT_TRUE(are_outstanding(2));
    registration_->keep(std::move(first));
    EXPECT_EQ(poll().task->key(), "first");
    EXPECT_EQ(poll().task->key(), "second");
}

}  // namespace
}  // namespace hourglass::worker
