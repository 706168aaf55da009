#include "src/testing/history_files.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/testing/replayer.hpp"
#include "tests/unit/testing/histories.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <unistd.h>

namespace hourglass::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class HistoryFiles : public ::testing::Test {
protected:
    HistoryFiles()
        : folder_{
              fs::temp_directory_path() /
              (std::string{"histories-"} + std::to_string(getpid()) + "-" +
               ::testing::UnitTest::GetInstance()->current_test_info()->name())
          } {
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "below");
    }
    ~HistoryFiles() override { fs::remove_all(folder_); }
    HistoryFiles(const HistoryFiles&) = delete;
    HistoryFiles& operator=(const HistoryFiles&) = delete;

    fs::path write(const std::string& name, const std::string& content) const {
        std::ofstream{folder_ / name, std::ios::binary} << content;
        return folder_ / name;
    }

    [[nodiscard]] static std::string json() {
        return WorkflowHistory{"id", test::brief("Missing").SerializeAsString()}.to_json();
    }

    fs::path folder_;
};

TEST_F(HistoryFiles, OfAFolderAreThoseInItAndBelow) {
    write("b.json", "");
    write("a.pb", "");
    write("below/c.json", "");
    write("README.md", "");
    EXPECT_THAT(
        history_files({folder_}),
        ElementsAre(folder_ / "a.pb", folder_ / "b.json", folder_ / "below" / "c.json")
    );
}

TEST_F(HistoryFiles, ThatAreNamedNeedNoEnding) {
    const auto file = write("history", "");
    EXPECT_THAT(history_files({file, file}), ElementsAre(file, file));
}

TEST_F(HistoryFiles, ThatAreNotThereAreAnError) {
    EXPECT_THROW((void)history_files({folder_ / "none.json"}), ConfigurationError);
    EXPECT_THROW((void)history_files({folder_ / "below"}), ConfigurationError);
}

TEST_F(HistoryFiles, AreJsonOrBinary) {
    EXPECT_EQ(read_history(write("a.json", " \n" + json())).size(), 5U);
    EXPECT_EQ(read_history(write("a.pb", test::brief("Brief").SerializeAsString())).size(), 5U);
}

TEST_F(HistoryFiles, NameTheWorkflowThatTheirEventsDoNotName) {
    test::History history = test::brief("Brief");
    EXPECT_EQ(read_history(write("order-7.pb", history.SerializeAsString())).workflow_id(), "id");
    history.mutable_events(0)
        ->mutable_workflow_execution_started_event_attributes()
        ->clear_workflow_id();
    EXPECT_EQ(
        read_history(write("order-7.pb", history.SerializeAsString())).workflow_id(), "order-7"
    );
}

TEST_F(HistoryFiles, ThatCannotBeReadAreEachAFailureAndSpoilNothing) {
    const std::string whole = json();
    write("1-empty.json", "");
    write("2-truncated.json", whole.substr(0, whole.size() / 2));
    write("3-garbled.json", "{\"events\": [{\"eventId\": \"one\"}]}");
    write("4-other.json", "{\"name\": \"Ada\"}");
    write("5-truncated.pb", test::brief("Missing").SerializeAsString().substr(0, 20));
    write("6-whole.json", whole);
    Replayer replayer;
    const auto results = replayer.replay_files({folder_}).results();
    ASSERT_EQ(results.size(), 6U);
    for (std::size_t i = 0; i < 5; ++i) {
        ASSERT_FALSE(results[i].ok()) << i;
        EXPECT_EQ(results[i].failure->problem, ReplayProblem::UnreadableHistory) << results[i];
        EXPECT_THAT(results[i].source, HasSubstr(std::to_string(i + 1) + "-"));
    }
    EXPECT_EQ(results[5].failure.value().problem, ReplayProblem::UnknownWorkflowType);
}

TEST_F(HistoryFiles, CutAfterAnyEventAreReplayedOrRefusedButNeverHang) {
    const test::History whole = test::brief("Missing");
    Replayer replayer;
    for (int events = 1; events <= whole.events_size(); ++events) {
        test::History history = whole;
        history.mutable_events()->DeleteSubrange(events, whole.events_size() - events);
        const auto result = replayer.replay(WorkflowHistory{"id", history.SerializeAsString()});
        EXPECT_EQ(result.ok(), events < 3) << result;
    }
}

}  // namespace
}  // namespace hourglass::testing
