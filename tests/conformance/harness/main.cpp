// Runs the rows side by side, tells of each as of a test of its own, and compares
// docs/conformance.md with what came out. With HOURGLASS_CONFORMANCE_WRITE set it writes that
// document.

#include "tests/conformance/harness/runner.hpp"
#include "tests/conformance/harness/table.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace conformance {
namespace {

constexpr const char* kSuite = "Conformance";

/// Begins the rows that the command line asks for, all at once.
class Rows : public testing::Environment {
public:
    static Runner& runner() {
        static Runner runner;
        return runner;
    }
    void SetUp() override {
        std::vector<Feature> wanted;
        for (const auto& feature : features()) {
            if (is_wanted(feature.path)) {
                wanted.push_back(feature);
            }
        }
        runner().start(wanted);
    }

private:
    static bool is_wanted(const std::string& path) {
        const auto& all = *testing::UnitTest::GetInstance();
        for (int i = 0; i < all.total_test_suite_count(); ++i) {
            const auto& suite = *all.GetTestSuite(i);
            for (int j = 0; j < suite.total_test_count(); ++j) {
                const auto& test = *suite.GetTestInfo(j);
                if (std::string{suite.name()} == kSuite && test.name() == path) {
                    return test.should_run();
                }
            }
        }
        return false;
    }
};

class RowTest : public testing::Test {
public:
    explicit RowTest(std::string path) : path_{std::move(path)} {}
    void TestBody() override {
        const Outcome& outcome = Rows::runner().outcome(path_);
        for (const auto& [file, line, message] : outcome.failures) {
            ADD_FAILURE_AT(file.empty() ? path_.c_str() : file.c_str(), line) << message;
        }
        RecordProperty("milliseconds", std::to_string(outcome.took.count()));
    }

private:
    std::string path_;
};

/// Of the rows that have run: with a filter, of these alone.
class TableTest : public testing::Test {
public:
    void TestBody() override {
        const auto made = table_rows(Rows::runner());
        const bool all = made.size() == features().size() + absent().size();
        if (std::getenv("HOURGLASS_CONFORMANCE_WRITE") != nullptr) {
            ASSERT_TRUE(all) << "the document is of all rows: write it without a filter";
            std::ofstream file{HOURGLASS_CONFORMANCE_TABLE};
            file << document(made);
            ASSERT_TRUE(file.flush()) << "cannot write " << HOURGLASS_CONFORMANCE_TABLE;
            return;
        }
        std::ifstream file{HOURGLASS_CONFORMANCE_TABLE};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        ASSERT_TRUE(file) << "cannot read " << HOURGLASS_CONFORMANCE_TABLE;
        const auto written = rows_of(text);
        for (const auto& [path, row] : made) {
            const auto found = written.find(path);
            EXPECT_EQ(found == written.end() ? "" : found->second, row)
                << "docs/conformance.md says something else; scripts/conformance --write";
        }
        if (all) {
            EXPECT_EQ(text, document(made))
                << "docs/conformance.md says something else; scripts/conformance --write";
        }
    }
};

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
    using namespace conformance;
    testing::InitGoogleTest(&argc, argv);
    for (const auto& feature : features()) {
        testing::RegisterTest(
            kSuite,
            feature.path.c_str(),
            nullptr,
            nullptr,
            __FILE__,
            __LINE__,
            [path = feature.path]() -> testing::Test* { return new RowTest{path}; }
        );
    }
    testing::RegisterTest(
        "ConformanceTable",
        "IsWhatTheDocumentSays",
        nullptr,
        nullptr,
        __FILE__,
        __LINE__,
        []() -> testing::Test* { return new TableTest; }
    );
    testing::AddGlobalTestEnvironment(new Rows);
    return RUN_ALL_TESTS();
}
