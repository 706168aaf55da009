#include "hourglass/base/log.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::log {
namespace {

class Collector final : public Sink {
public:
    void write(const Record& record) noexcept override { records.push_back(record); }
    std::vector<Record> records;
};

class LogTest : public ::testing::Test {
protected:
    void SetUp() override { set_sink(collector_); }
    void TearDown() override {
        set_sink(nullptr);
        set_level(Level::Info);
    }
    std::shared_ptr<Collector> collector_ = std::make_shared<Collector>();
};

TEST_F(LogTest, ReachesTheSinkWithItsFields) {
    warn("disk is full", {{"disk", "a"}});
    ASSERT_EQ(collector_->records.size(), 1u);
    EXPECT_EQ(collector_->records[0].level, Level::Warn);
    EXPECT_EQ(collector_->records[0].message, "disk is full");
    EXPECT_EQ(collector_->records[0].fields.at(0).name, "disk");
}

TEST_F(LogTest, BelowTheLevelIsDropped) {
    set_level(Level::Error);
    info("nobody reads this");
    EXPECT_TRUE(collector_->records.empty());
    EXPECT_FALSE(enabled(Level::Warn));
    EXPECT_TRUE(enabled(Level::Error));
}

TEST_F(LogTest, CanBeTurnedOff) {
    set_level(Level::Off);
    error("nobody reads this");
    EXPECT_TRUE(collector_->records.empty());
}

std::string line(std::string message, std::vector<Field> fields = {}) {
    return to_line({Level::Info, {}, std::move(message), std::move(fields)});
}

TEST(LogLine, HasTheFieldsBehindTheMessage) {
    EXPECT_EQ(
        line("disk is full", {{"disk", "/dev/sda"}, {"used", "100%"}}),
        "disk is full disk=/dev/sda used=100%"
    );
}

TEST(LogLine, HasValuesThatAreNoSingleWordInQuotes) {
    EXPECT_EQ(
        line("failed", {{"why", "no card"}, {"who", ""}, {"is", "a=b"}}),
        R"(failed why="no card" who="" is="a=b")"
    );
}

// Else whoever chooses an error's text could write records of his own into the log.
TEST(LogLine, CannotBeMadeTwoRecordsByAValueOrAMessage) {
    EXPECT_EQ(
        line("failed", {{"why", "a\nerror \"b\" \\ \r\t\x1b[31m"}}),
        R"(failed why="a\nerror \"b\" \\ \r\t?[31m")"
    );
    EXPECT_EQ(line("first\nerror second"), "first\n    error second");
    EXPECT_EQ(line("a\r\x1b[1A", {{"b\nc", "d"}}), "a??[1A b?c=d");
}

}  // namespace
}  // namespace hourglass::log
