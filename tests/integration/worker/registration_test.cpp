// A registration with a worker of Core whose queue stays empty.
#include "src/worker/registration.hpp"

#include "tests/integration/core/server.hpp"

#include <gtest/gtest.h>

namespace hourglass::worker {
namespace {

using core::Status;

class RegistrationTest : public ::testing::Test {
protected:
    std::shared_ptr<std::promise<PollOutcome>> poll(TaskKind kind) {
        auto promise = std::make_shared<std::promise<PollOutcome>>();
        registration_->poll(kind, [promise](PollOutcome outcome) {
            promise->set_value(std::move(outcome));
        });
        return promise;
    }

    std::shared_ptr<Registration> registration_ = std::make_shared<Registration>(
        7,
        std::make_shared<const WorkerOptions>(),
        core::test::make_worker(
            core::test::connect_to_server(core::test::make_runtime()),
            core::test::unique("registration")
        ),
        LateWork{}
    );
};

TEST_F(RegistrationTest, RefusesEverythingOnceItIsRevoked) {
    auto open = poll(TaskKind::Workflow);
    const auto left = registration_->revoke();
    ASSERT_TRUE(left);
    EXPECT_TRUE(left->run_ids.empty());
    EXPECT_TRUE(registration_->revoked());
    EXPECT_EQ(open->get_future().get().status, Status::Shutdown);
    const auto refused = poll(TaskKind::Activity)->get_future().get();
    EXPECT_EQ(refused.status, Status::Shutdown);
    EXPECT_EQ(refused.message, "worker_not_registered");
    EXPECT_EQ(registration_->record_heartbeat(""), Status::Shutdown);
    EXPECT_FALSE(registration_->revoke()) << "a revocation is final, and hands over once";
}

TEST_F(RegistrationTest, IsRevokedForAPollerThatHearsOfItsEnd) {
    std::promise<bool> revoked;
    registration_->poll(TaskKind::Activity, [&](const PollOutcome& outcome) {
        EXPECT_EQ(outcome.status, Status::Shutdown);
        revoked.set_value(registration_->revoked());
    });
    EXPECT_TRUE(registration_->revoke());
    EXPECT_TRUE(revoked.get_future().get()) << "else it takes it for Core's own doing";
}

TEST_F(RegistrationTest, AnswersAPollerWhoseSuccessorPolls) {
    auto first = poll(TaskKind::Workflow);
    auto second = poll(TaskKind::Workflow);
    EXPECT_EQ(first->get_future().get().status, Status::Shutdown);
    ASSERT_TRUE(registration_->revoke());
    EXPECT_EQ(second->get_future().get().status, Status::Shutdown);
}

TEST_F(RegistrationTest, TellsThatItShutsDown) {
    EXPECT_FALSE(registration_->shutting_down());
    registration_->initiate_shutdown();
    EXPECT_TRUE(registration_->shutting_down());
    EXPECT_TRUE(registration_->shutdown_token().stop_requested());
    EXPECT_EQ(poll(TaskKind::Workflow)->get_future().get().status, Status::Shutdown);
}

}  // namespace
}  // namespace hourglass::worker
