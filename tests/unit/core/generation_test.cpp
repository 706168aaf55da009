#include "src/core/generation.hpp"

#include "tests/unit/core/awaiting.hpp"
#include "tests/unit/core/replaying.hpp"

#include <gtest/gtest.h>

namespace hourglass::core {
namespace {

using test::await;
using test::Awaited;

TEST(Generation, GoesUpByOneWithEachBump) {
    const auto before = generation::current();
    EXPECT_EQ(generation::bump(), before + 1);
    EXPECT_EQ(generation::current(), before + 1);
}

TEST(Generation, MakesEveryOlderHandleStale) {
    const auto runtime = test::make_runtime();
    const auto connection = test::lazy_connection(runtime);
    const auto replayer = test::make_replayer(runtime);
    const auto token = CancelToken::create();
    generation::bump();

    EXPECT_EQ(connection->set_api_key("x").error().status, Status::StaleHandle);
    EXPECT_EQ(replayer->worker()->initiate_shutdown().error().status, Status::StaleHandle);
    EXPECT_EQ(replayer->worker()->record_activity_heartbeat(""), Status::StaleHandle);
    token.cancel();
    const auto called = await<BytesResult>([&](BytesCallback callback) {
        connection->rpc_call({.method = "GetSystemInfo"}, std::move(callback));
    });
    EXPECT_EQ(called.error().status, Status::StaleHandle);
    const auto polled = await<BytesResult>([&](BytesCallback callback) {
        replayer->worker()->poll_workflow_activation(std::move(callback));
    });
    EXPECT_EQ(polled.error().status, Status::StaleHandle);
    const auto fresh = test::connect(runtime, {.target = test::kNobody});
    EXPECT_EQ(fresh.error().status, Status::StaleHandle);
}

TEST(Generation, EndsCallsThatAreUnderWayAsStale) {
    const auto replayer = test::make_replayer(test::make_runtime());
    Awaited<BytesResult> polled;
    replayer->worker()->poll_workflow_activation(polled.callback());
    EXPECT_FALSE(polled.ready());
    generation::bump();
    EXPECT_EQ(polled.get().error().status, Status::StaleHandle);
}

TEST(Generation, LetsANewRuntimeWorkAtOnce) {
    generation::bump();
    const auto connection = test::lazy_connection(test::make_runtime());
    EXPECT_TRUE(connection->set_api_key("x"));
}

}  // namespace
}  // namespace hourglass::core
