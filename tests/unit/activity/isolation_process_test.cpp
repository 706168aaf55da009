// A process for isolated activities, spoken to over its channel.
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/messages.hpp"
#include "src/activity/isolation/object_file.hpp"
#include "src/activity/isolation/process.hpp"
#include "src/activity/isolation/server_handle.hpp"
#include "tests/unit/activity/harness.hpp"
#include "tests/unit/activity/isolated_bodies.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace hourglass::activity::isolation {
namespace {

namespace bodies = isolated_bodies;

// An allocation beyond the limit ends a program under a sanitizer instead of throwing.
#if !defined(HOURGLASS_TEST_SANITIZED)
TEST(IsolatedProcess, NamesTheMemoryLimitIfItsOwnThreadIsTheOneWithoutMemory) {
    Process process{std::get<MadeProcess>(make_process())};
    const Definition definition = define<&bodies::hold_memory>(isolated);
    Order order;
    order.run = definition.isolated->run;
    order.object_file = object_file_of(reinterpret_cast<const void*>(order.run));
    order.start = Harness::task(definition.name, encode_arguments(32)).SerializeAsString();
    order.memory_limit = 64 << 20;
    process.channel().send(FrameKind::Order, encode(order));
    auto frame = process.channel().receive();
    ASSERT_TRUE(frame && frame->kind == FrameKind::Heartbeat) << "the body holds half";

    // Half a limit more than there is. What the program really sends is small, and fails as rarely.
    process.channel().send(FrameKind::Cancel, std::string(63 << 20, 'x'));
    do {
        frame = process.channel().receive();
    } while (frame && frame->kind == FrameKind::Log);
    ASSERT_TRUE(frame && frame->kind == FrameKind::Result);
    ExecutionResult result;
    ASSERT_TRUE(result.ParseFromString(frame->body));
    const auto& failure = result.failed().failure();
    EXPECT_EQ(failure.application_failure_info().type(), kMemoryLimit);
    EXPECT_EQ(
        failure.message(),
        "isolated activity 'hold_memory' wanted more memory than its memory_limit of 67108864 "
        "bytes allows"
    );
    EXPECT_FALSE(process.channel().receive()) << "a second result, or the process goes on";
}
#endif

}  // namespace
}  // namespace hourglass::activity::isolation
