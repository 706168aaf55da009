#include "src/base/outage_log.hpp"

#include "tests/support/log_lines.hpp"

#include <gtest/gtest.h>

namespace hourglass {
namespace {

using namespace std::chrono_literals;

TEST(OutageLogTest, HasOneLineAChangeAndTheTriesForWhoeverLooks) {
    const test::LogLines lines;
    log::set_level(log::Level::Debug);
    OutageLog outage{"no server", "the server is back"};
    outage.works({});
    EXPECT_EQ(lines.count("back"), 0u) << "nothing had failed";
    outage.failed("refused", 100ms, {{"address", "a:1"}});
    outage.failed("refused", 200ms, {});
    outage.failed("timed out", 400ms, {});
    outage.works({});
    outage.works({});
    log::set_level(log::Level::Info);
    EXPECT_EQ(lines.count("no server; trying until it works address=a:1 reason=refused"), 1u);
    EXPECT_EQ(lines.count("no server; still reason=refused next_try_in_ms=200"), 1u);
    EXPECT_EQ(lines.count("no server; trying until it works reason=timed out"), 1u);
    EXPECT_EQ(lines.count("the server is back"), 1u);
}

TEST(OutageLogTest, KeepsTheTriesToItselfAtTheDefaultLevel) {
    const test::LogLines lines;
    OutageLog outage{"no server", "back"};
    for (int i = 0; i < 10; ++i) {
        outage.failed("refused", 100ms, {});
    }
    EXPECT_EQ(lines.count("no server"), 1u);
}

TEST(OutageLogTest, TakesReasonsThatDifferInNumbersOnlyForTheSame) {
    const test::LogLines lines;
    OutageLog outage{"no server", "back"};
    outage.failed("the certificate expired 7 seconds ago", 100ms, {});
    outage.failed("the certificate expired 11 seconds ago", 100ms, {});
    EXPECT_EQ(lines.count("no server"), 1u);
    outage.failed("the certificate is not yet valid", 100ms, {});
    EXPECT_EQ(lines.count("no server"), 2u);
}

}  // namespace
}  // namespace hourglass
