#include "src/convert/cron.hpp"

#include "hourglass/base/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace hourglass::convert {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What is said against it; empty if nothing is.
std::string said_of(const std::string& text, CronOf whose) {
    try {
        check_cron("cron", text, whose);
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return {};
}

std::string workflow(const std::string& text) {
    return said_of(text, CronOf::Workflow);
}

std::string schedule(const std::string& text) {
    return said_of(text, CronOf::Schedule);
}

TEST(Cron, OfBothMayBeWhatTheServerTakes) {
    for (const std::string text :
         {"0 3 * * *",
          "*/15 0-23/2 1,15 JAN-jun mon",
          " 0\t3 * * * ",
          "0 3 * * *\xC2\xA0",
          "5/10 +7 007 12 sun-6",
          "@daily",
          "@hourly",
          "@weekly",
          "@monthly",
          "@yearly",
          "@annually",
          "@midnight",
          "@every 1h30m",
          "@every 1.5h",
          "@every 90000ms",
          "CRON_TZ=Europe/Berlin 0 3 * * 1-5",
          "TZ=America/Argentina/Buenos_Aires 0 3 * * *",
          "TZ=UTC  @daily"}) {
        EXPECT_EQ(workflow(text), "");
        EXPECT_EQ(schedule(text), "");
    }
}

TEST(Cron, OfAWorkflowMayBeWhatItsParserTakes) {
    for (const std::string text :
         {"? ? ? ? ?", "1,,2 3, * * *", "*-5 * * * *", "@every -5m", "@every 10ms", "@every 0"}) {
        EXPECT_EQ(workflow(text), "");
        EXPECT_NE(schedule(text), "") << text;
    }
}

TEST(Cron, OfAScheduleMayBeWhatItsParserTakes) {
    for (const std::string text :
         {"0 3 * * * 2030",
          "55 55,57 5 2/2 * wed-thurs *  # explanation",
          "0 3 * septem 7",
          "0 3 * * mo",
          "0 3 * * 5-7/2",
          "0 0 3 * * * 2026/2",
          "@daily # each night",
          " @daily ",
          "@every 5d",
          "@every 5h/45m",
          "TZ=../none @every 5m",
          "@every 1d12h/"}) {
        EXPECT_EQ(schedule(text), "");
        EXPECT_NE(workflow(text), "") << text;
    }
}

TEST(Cron, ThatIsWrongIsToldWhichFieldIs) {
    EXPECT_EQ(
        workflow("0 25 * * *"),
        "cron is \"0 25 * * *\": its hour has \"25\", expected numbers from 0 to 23, one or "
        "first-last, or *, with or without a /step"
    );
    EXPECT_THAT(workflow("0 3 * * 7"), HasSubstr("day of week has \"7\", expected numbers from 0"));
    EXPECT_THAT(schedule("0 3 * * 8"), HasSubstr("numbers from 0 to 7 or names such as mon"));
    EXPECT_THAT(schedule("0 3 * * * 1999"), HasSubstr("year has \"1999\""));
    EXPECT_THAT(schedule("60 0 3 * * * *"), HasSubstr("second has \"60\""));
    EXPECT_THAT(workflow("60 3 * * *"), HasSubstr("minute has \"60\""));
    for (const std::string text :
         {"0 3 0 * *",
          "0 3 32 * *",
          "0 3 * 13 *",
          "0 3 * * fri-tue",
          "0 3 * * m",
          "5-1 * * * *",
          "1-2-3 * * * *",
          "*/0 * * * *",
          "*/ * * * *",
          "1/2/3 * * * *",
          "*/-5 * * * *",
          "-5 * * * *",
          "x * * * *",
          "99999999999999999999 * * * *",
          "1;2 * * * *"}) {
        EXPECT_THAT(workflow(text), HasSubstr("expected numbers from")) << text;
        EXPECT_THAT(schedule(text), HasSubstr("expected numbers from")) << text;
    }
}

TEST(Cron, ThatIsNoneIsToldWhatOneIs) {
    for (const std::string text : {"nightly", "0 3 * *", "@dayly", "@every", "", "TZ=UTC 1 2"}) {
        EXPECT_NE(workflow(text), "") << text;
        EXPECT_NE(schedule(text), "") << text;
    }
    EXPECT_THAT(
        workflow("nightly"), AllOf(HasSubstr("it has 1 field, expected 5:"), HasSubstr("@daily"))
    );
    EXPECT_THAT(workflow("0 0 3 * * *"), HasSubstr("it has 6 fields, expected 5:"));
    EXPECT_THAT(schedule("0 0 0 3 * * * *"), HasSubstr("it has 8 fields, expected 5 to 7"));
    EXPECT_THAT(workflow("\xff"), HasSubstr("not valid UTF-8"));
}

TEST(Cron, NeedsADurationAfterEvery) {
    for (const std::string text : {"1 h", "5", "h", "1x", "1..5h", "soon", "1h "}) {
        EXPECT_THAT(workflow("@every " + text), HasSubstr("is no duration")) << text;
    }
    for (const std::string text : {"5", "999ms", "1h/1h", "1h/-1m", "1h/2x", "-1h"}) {
        EXPECT_THAT(schedule("@every " + text), HasSubstr("is no interval")) << text;
    }
}

TEST(Cron, NeedsATimeZoneThatCanBeOneAndFieldsBehindIt) {
    for (const std::string text : {"TZ=UTC", "CRON_TZ=Europe/Berlin"}) {
        EXPECT_THAT(workflow(text), HasSubstr("nothing follows its time zone"));
        EXPECT_THAT(schedule(text), HasSubstr("nothing follows its time zone"));
    }
    for (const std::string text : {"TZ=../etc 0 3 * * *", "TZ=/UTC 0 3 * * *"}) {
        EXPECT_THAT(workflow(text), HasSubstr("is no time zone"));
        EXPECT_THAT(schedule(text), HasSubstr("is no time zone"));
    }
}

TEST(Cron, OfAScheduleHasACommentThatTheServerKeeps) {
    EXPECT_EQ(schedule("0 3 * * * #" + std::string(200, 'x')), "");
    EXPECT_THAT(
        schedule("0 3 * * * #" + std::string(201, 'x')), HasSubstr("its comment has 201 bytes")
    );
}

}  // namespace
}  // namespace hourglass::convert
