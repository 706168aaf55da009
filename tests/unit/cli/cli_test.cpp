// The command `hourglass` as people run it.

#include "tests/support/command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace {

using hourglass::test::Outcome;
using hourglass::test::run;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Outcome replay(const std::string& arguments) {
    return run(std::string{HOURGLASS_COMMAND} + " replay " + arguments);
}

const std::string kRecorded = std::string{"--library "} + CLI_RECORDED_FLOWS + " ";
const std::string kChanged = std::string{"--library "} + CLI_CHANGED_FLOWS + " ";

TEST(Command, ReplaysAFolderWithTheWorkflowsOfALibrary) {
    const auto [code, output] = replay(kRecorded + HISTORIES);
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(output, HasSubstr(" histories replayed, 0 failed\n"));
}

TEST(Command, ReplaysFilesSeveralAtOnce) {
    const auto [code, output] =
        replay("-j 2 " + kRecorded + HISTORIES "/timers.json " + HISTORIES "/activities.json");
    EXPECT_EQ(code, 0) << output;
    EXPECT_THAT(output, HasSubstr("2 histories replayed, 0 failed\n"));
}

TEST(Command, IsAsGoodInAProgramOfOnesOwn) {
    const auto [code, output] = run(std::string{CLI_OWN_PROGRAM} + " replay " + HISTORIES);
    EXPECT_EQ(code, 0) << output;
}

TEST(Command, ReplaysWithTheInterceptorsAndFailuresThatAProgramGivesIt) {
    const auto [code, output] =
        run(std::string{CLI_PROGRAM_WITH_OPTIONS} + " replay " + HISTORIES "/fails.json");
    EXPECT_EQ(code, 0) << output;
}

TEST(Command, ReplaysWithThePluginsThatAProgramGivesIt) {
    const auto [code, output] =
        run(std::string{CLI_PROGRAM_WITH_OPTIONS} + " replay " + HISTORIES "/fails.json");
    EXPECT_EQ(code, 0);
    EXPECT_THAT(output, HasSubstr("the plugin was told of a history\n"));
}

TEST(Command, TellsOfAHistoryThatFails) {
    const auto [code, output] = replay(kChanged + HISTORIES "/timers.json");
    EXPECT_EQ(code, 1);
    EXPECT_THAT(
        output,
        AllOf(
            HasSubstr("FAILED: " HISTORIES "/timers.json"),
            HasSubstr("TimerStarted"),
            HasSubstr("1 histories replayed, 1 failed\n")
        )
    );
}

TEST(Command, SaysNothingWhenItIsToBeQuietAndAllIsWell) {
    const auto [code, output] = replay("--quiet " + kRecorded + HISTORIES "/timers.json");
    EXPECT_EQ(code, 0);
    EXPECT_EQ(output, "");
}

TEST(Command, RefusesALibraryThatIsNone) {
    const auto [code, output] = replay(std::string{"--library "} + HISTORIES "/timers.json x");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("error: cannot load " HISTORIES "/timers.json"));
}

TEST(Command, RefusesAFolderInsteadOfALibrary) {
    const auto [code, output] = replay(std::string{"--library "} + HISTORIES " x");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("error: cannot load " HISTORIES ": it is a folder"));
}

TEST(Command, SaysOfALibraryThatIsNotThereNothingElse) {
    const auto [code, output] = replay("--library nowhere/libflows.so " HISTORIES "/timers.json");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("nowhere/libflows.so: there is no such file\n"));
    EXPECT_THAT(output, Not(HasSubstr("Build it against")));
}

TEST(Command, NoticesThatNoWorkflowCameWithALibrary) {
    const auto [code, output] =
        replay(std::string{"--library "} + CLI_NO_FLOWS + " " HISTORIES "/timers.json");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("error: no workflow came with " CLI_NO_FLOWS));
}

TEST(Command, TakesALibraryWhoseOnlyWorkflowIsTheDynamicOne) {
    const std::string dynamic = std::string{"--library "} + CLI_DYNAMIC_FLOWS + " ";
    const auto [code, output] = replay(dynamic + HISTORIES "/fails.json " HISTORIES "/timers.json");
    EXPECT_EQ(code, 1) << output;
    EXPECT_THAT(
        output,
        AllOf(
            HasSubstr("FAILED: " HISTORIES "/timers.json"),
            HasSubstr("2 histories replayed, 1 failed\n")
        )
    );
    EXPECT_EQ(replay(kRecorded + dynamic + HISTORIES).code, 0) << "the others go before it";
}

TEST(Command, NoticesALibraryThatHasAHourglassOfItsOwn) {
    const auto [code, output] =
        replay(std::string{"--library "} + CLI_FLOWS_APART + " " HISTORIES "/timers.json");
    EXPECT_EQ(code, 2) << output;
    EXPECT_THAT(output, HasSubstr("has a Hourglass of its own inside"));
}

TEST(Command, NoticesTwoLibrariesWithWorkflowsOfOneName) {
    const auto [code, output] = replay(kRecorded + kChanged + HISTORIES "/timers.json");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("'Timers'"));
}

TEST(Command, RefusesWhatIsNotThere) {
    const auto [code, output] = replay(kRecorded + "/nowhere.json");
    EXPECT_EQ(code, 2);
    EXPECT_THAT(output, HasSubstr("error: there is no file or folder /nowhere.json"));
}

TEST(Command, WantsFilesOrAQuery) {
    EXPECT_EQ(replay("").code, 2);
    EXPECT_EQ(replay("--query '' " HISTORIES "/timers.json").code, 2);
    EXPECT_THAT(replay("").output, HasSubstr("--query"));
}

TEST(Command, ExplainsItself) {
    const auto [code, output] = replay("--help");
    EXPECT_EQ(code, 0);
    EXPECT_THAT(output, AllOf(HasSubstr("--library"), HasSubstr("Exit code")));
    const auto alone = run(HOURGLASS_COMMAND);
    EXPECT_EQ(alone.code, 2);
    EXPECT_THAT(alone.output, HasSubstr("A subcommand is required"));
    const auto unknown = replay("--no-such-option");
    EXPECT_EQ(unknown.code, 2);
    EXPECT_THAT(unknown.output, HasSubstr("--no-such-option"));
}

TEST(Command, NamesAWordThatItDoesNotKnow) {
    for (const std::string word : {"codec-servr", "--frob", "-x"}) {
        const auto [code, output] = run(std::string{HOURGLASS_COMMAND} + " " + word);
        EXPECT_EQ(code, 2);
        EXPECT_THAT(output, HasSubstr("there is no command or option \"" + word + "\""));
    }
    const auto secret = run(HOURGLASS_COMMAND " --key=5ec2e7 codec-servr --aes-key k=5ec2e7");
    EXPECT_EQ(secret.code, 2);
    EXPECT_THAT(secret.output, AllOf(HasSubstr("option \"--key\""), Not(HasSubstr("5ec2e7"))));
}

TEST(Command, TellsItsVersion) {
    const auto [code, output] = run(HOURGLASS_COMMAND " --version");
    EXPECT_EQ(code, 0);
    EXPECT_EQ(output, "hourglass " HOURGLASS_VERSION "\n");
}

}  // namespace
