// Which ends of a handler are in the log.
#include "tests/support/log_lines.hpp"
#include "tests/unit/nexus/harness.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace hourglass::nexus {
namespace {

constexpr const char* kLine = "the handler of a Nexus operation failed";

TEST(LogOfRequests, HasEachFailureWithItsReason) {
    Harness harness;
    harness.services.add("greetings", "greet", [](std::string how) -> std::string {
        if (how == "handler") {
            throw HandlerError{"no such name", ErrorType::NotFound};
        }
        if (how == "application") {
            throw ApplicationError{"no money"};
        }
        throw std::runtime_error{"no idea"};
    });
    const test::LogLines lines;
    const auto logged_once = [&lines](const std::string& reason) {
        return lines.positions_of({kLine, "request_id=request-1", reason}).size() == 1;
    };
    static_cast<void>(harness.call("greet", "handler"));
    EXPECT_TRUE(logged_once("no such name"));
    static_cast<void>(harness.call("greet", "application"));
    EXPECT_TRUE(logged_once("no money"));
    static_cast<void>(harness.call("greet", "else"));
    EXPECT_TRUE(logged_once("no idea"));
    static_cast<void>(harness.call("greet", 7));
    EXPECT_EQ(lines.count(kLine), 4U) << "an input that does not fit";
    static_cast<void>(harness.call("unheard of"));
    EXPECT_TRUE(logged_once("operation=unheard of"));
    EXPECT_EQ(lines.count(kLine), 5U);
}

TEST(LogOfRequests, HasNoOperationErrorBecauseItIsAnEndLikeAResult) {
    Harness harness;
    harness.services.add("greetings", "greet", [](std::string how) -> std::string {
        if (how == "failed") {
            throw OperationError{"no money"};
        }
        throw OperationError{"by hand", OperationEnd::Cancelled};
    });
    const test::LogLines lines;
    for (const char* how : {"failed", "cancelled"}) {
        const auto answer = harness.call("greet", how);
        EXPECT_TRUE(answer.completed().start_operation().has_failure());
    }
    EXPECT_EQ(lines.at_least(log::Level::Warn).size(), 0U);
}

}  // namespace
}  // namespace hourglass::nexus
