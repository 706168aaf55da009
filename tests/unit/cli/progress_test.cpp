// What `hourglass replay` shows on a terminal while it works.

#include "tests/support/terminal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using hourglass::test::Outcome;
using hourglass::test::run;
using hourglass::test::run_in_terminal;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kBegin = std::string{HOURGLASS_COMMAND} + " replay --library ";
const std::string kRecorded = kBegin + CLI_RECORDED_FLOWS + " ";
const std::string kThree =
    HISTORIES "/timers.json " HISTORIES "/activities.json " HISTORIES "/fails.json";

/// What the terminal showed one after the other in the line that is written anew each time; the
/// last is what was left there, with all that followed.
std::vector<std::string> shown(const std::string& output) {
    static const std::string wipe = "\r\033[K";
    std::vector<std::string> lines;
    for (std::size_t at = output.find(wipe); at != std::string::npos;) {
        const std::size_t begin = at + wipe.size();
        at = output.find(wipe, begin);
        lines.push_back(output.substr(begin, at == std::string::npos ? at : at - begin));
    }
    return lines;
}

TEST(Progress, IsABarThatFillsAndIsWipedOffBeforeTheReport) {
    const auto [code, output] = run_in_terminal(kRecorded + kThree);
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(
        shown(output),
        ElementsAre(
            "[                        ] 0/3 histories replayed, 0 failed",
            "[########                ] 1/3 histories replayed, 0 failed",
            "[################        ] 2/3 histories replayed, 0 failed",
            "[########################] 3/3 histories replayed, 0 failed",
            Not(HasSubstr("["))
        )
    );
    EXPECT_THAT(shown(output).back(), HasSubstr("3 histories replayed, 0 failed\r\n"));
}

TEST(Progress, CountsFailures) {
    const auto [code, output] =
        run_in_terminal(kBegin + CLI_CHANGED_FLOWS + " " + HISTORIES "/timers.json");
    EXPECT_EQ(code, 1) << output;
    EXPECT_THAT(output, HasSubstr("[########################] 1/1 histories replayed, 1 failed"));
}

TEST(Progress, KnowsHowManyHistoriesAFolderHas) {
    const auto [code, output] = run_in_terminal(kRecorded + HISTORIES);
    EXPECT_EQ(code, 0) << output;
    const auto lines = shown(output);
    ASSERT_GT(lines.size(), 20U);
    const std::string all = std::to_string(lines.size() - 2);
    EXPECT_THAT(lines.front(), HasSubstr("] 0/" + all + " histories"));
    EXPECT_THAT(lines[lines.size() - 2], HasSubstr("] " + all + "/" + all + " histories"));
}

TEST(Progress, HasNoBarWhereThereIsNoRoomForIt) {
    const auto [code, output] = run_in_terminal(kRecorded + HISTORIES "/timers.json", 50);
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(shown(output)[1], "1/1 histories replayed, 0 failed");
}

TEST(Progress, IsForTerminalsAndForThoseWhoWantIt) {
    EXPECT_THAT(run(kRecorded + kThree).output, Not(HasSubstr("\r")));
    EXPECT_EQ(run_in_terminal(kRecorded + "--quiet " + kThree).output, "");
}

}  // namespace
