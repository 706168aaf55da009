// docs/observability.md says what the code does: its tables are read here and compared.
#include "src/subsystem/counter_series.hpp"
#include "tests/unit/supervision/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace hourglass::subsystem {
namespace {

using supervision::Supervisor;
using supervision::testing::Probe;
using ::testing::Contains;
using ::testing::HasSubstr;
using Cells = std::vector<std::string>;
using Row = std::map<std::string, std::string>;  // column -> cell

Cells cells_of(const std::string& line) {
    Cells cells;
    std::istringstream parts{line.substr(1)};
    for (std::string cell; std::getline(parts, cell, '|');) {
        const auto first = cell.find_first_not_of(' ');
        cells.push_back(
            first == std::string::npos ? ""
                                       : cell.substr(first, cell.find_last_not_of(' ') - first + 1)
        );
    }
    return cells;
}

/// The table whose first column is `first`.
std::vector<Row> table(const std::string& first) {
    std::ifstream file{HOURGLASS_OBSERVABILITY_MD};
    std::vector<Row> rows;
    Cells columns;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with('|')) {
            columns.clear();
        } else if (columns.empty()) {
            columns = cells_of(line);
        } else if (columns.front() == first && !line.starts_with("|---")) {
            const Cells cells = cells_of(line);
            Row row;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                row[columns[i]] = cells.at(i);
            }
            rows.push_back(row);
        }
    }
    EXPECT_FALSE(rows.empty()) << "no table '" << first << "' in " << HOURGLASS_OBSERVABILITY_MD;
    return rows;
}

/// What stands in backquotes.
std::set<std::string> names_in(const std::string& cell) {
    std::set<std::string> names;
    std::istringstream parts{cell};
    std::string part;
    for (bool inside = false; std::getline(parts, part, '`'); inside = !inside) {
        if (inside) {
            names.insert(part);
        }
    }
    return names;
}

std::string name_in(const std::string& cell) {
    const auto names = names_in(cell);
    return names.size() == 1 ? *names.begin() : "(not one name: " + cell + ")";
}

struct Described {
    std::set<std::string> labels;
    std::string description;

    friend bool operator==(const Described&, const Described&) = default;
    friend void PrintTo(const Described& each, std::ostream* out) {
        *out << ::testing::PrintToString(each.labels) << " " << each.description;
    }
};

Counters one_of_each() {
    Counters counters;
    counters.restarts["a"] = 1;
    counters.cascades["a"] = 1;
    counters.abandoned_handlers["a"] = 1;
    counters.supervisors_given_up["a"] = 1;
    return counters;
}

TEST(Observability, EachMetricStandsInTheTableWithItsLabelsAndWhatItCounts) {
    std::map<std::string, Described> written;
    for (const Row& row : table("metric")) {
        written[name_in(row.at("metric"))] = {names_in(row.at("labels")), row.at("counts")};
    }
    std::map<std::string, Described> known;
    for (const CounterSeries& series : series_of(one_of_each())) {
        Described each{{}, std::string{series.description}};
        for (const auto& label : series.labels) {
            each.labels.insert(label.name);
        }
        known[std::string{series.name}] = each;
    }
    EXPECT_EQ(written, known);
}

TEST(Observability, EachOutcomeOfALateCompletionIsNamed) {
    std::ifstream file{HOURGLASS_OBSERVABILITY_MD};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    for (const CounterSeries& series : series_of({})) {
        for (const auto& label : series.labels) {
            EXPECT_THAT(
                text,
                HasSubstr(
                    label.name == "kind" ? "kind=\"" + label.value + "\"" : "`" + label.value + "`"
                )
            );
        }
    }
}

class ObservabilityLogTest : public supervision::testing::SupervisionTest {
protected:
    /// Every line that a supervisor can write, but that of an abandoned child, which needs threads:
    /// tests/unit/supervision/threads_test.cpp.
    void make_all_lines() {
        const auto failing = spec("failing", {.failing_starts = 1});
        const auto supervisor =
            supervise({.name = "app", .max_restarts = 2, .children = {failing}});
        for (int i = 0; i < 2 && supervisor.alive(); ++i) {
            in(probe_of(supervisor, "failing"), &Probe::crash);
        }
        EXPECT_FALSE(supervisor.alive());
    }
};

TEST_F(ObservabilityLogTest, EachLineOfASupervisorStandsInTheTableWithItsFields) {
    make_all_lines();
    std::map<std::string, std::set<std::string>> said;
    std::map<std::string, std::string> levels;
    for (const auto& record : log_->records()) {
        auto& fields = said[record.message];
        for (const auto& field : record.fields) {
            fields.insert(field.name);
        }
        levels[record.message] = log::to_text(record.level);
    }
    std::map<std::string, std::set<std::string>> written;
    for (const Row& row : table("message")) {
        const std::string message = name_in(row.at("message"));
        if (message.find("abandoned") != std::string::npos) {
            EXPECT_EQ(names_in(row.at("fields")), said["child exited"]);
            continue;
        }
        written[message] = names_in(row.at("fields"));
        EXPECT_THAT(row.at("level"), HasSubstr(levels[message])) << message;
    }
    EXPECT_EQ(written, said);
}

TEST_F(ObservabilityLogTest, EachFieldIsExplained) {
    std::set<std::string> explained;
    for (const Row& row : table("field")) {
        explained.merge(names_in(row.at("field")));
    }
    std::set<std::string> used;
    for (const Row& row : table("message")) {
        used.merge(names_in(row.at("fields")));
    }
    EXPECT_EQ(explained, used);
}

}  // namespace
}  // namespace hourglass::subsystem
