#include "tests/conformance/harness/table.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace conformance {
namespace {

std::string line(
    const std::string& path,
    const std::string& checks,
    const std::string& outcome,
    const std::string& replayed
) {
    std::string text = "|";
    for (const auto& cell : {"`" + path + "`", checks, outcome, replayed}) {
        text += cell.empty() ? " |" : " " + cell + " |";
    }
    return text;
}

std::string outcome_text(const Feature& feature, const Outcome& outcome) {
    const std::string text = outcome.passed() ? "passes" : "fails";
    return feature.note.empty() ? text : text + "; " + feature.note;
}

std::string runs(int count) {
    if (count == 0) {
        return {};
    }
    return std::to_string(count) + (count == 1 ? " run" : " runs");
}

std::size_t count(const std::map<std::string, std::string>& rows, const std::string& what) {
    return static_cast<std::size_t>(std::ranges::count_if(rows, [&](const auto& row) {
        return row.second.find(what) != std::string::npos;
    }));
}

}  // namespace

std::map<std::string, std::string> table_rows(const Runner& runner) {
    std::map<std::string, std::string> rows;
    for (const auto& feature : features()) {
        if (runner.has(feature.path)) {
            const Outcome& outcome = runner.outcome(feature.path);
            rows.emplace(
                feature.path,
                line(
                    feature.path,
                    feature.checks,
                    outcome_text(feature, outcome),
                    runs(outcome.replayed)
                )
            );
        }
    }
    for (const auto& [path, why, reason] : absent()) {
        const std::string what = why == Absence::DoesNotApply ? "does not apply: " : "not there: ";
        if (!rows.emplace(path, line(path, "", what + reason, "")).second) {
            throw std::logic_error{path + " has a row, and must not stand in absent.cpp"};
        }
    }
    return rows;
}

std::string document(const std::map<std::string, std::string>& rows) {
    std::ostringstream text;
    text
        << "# What all SDKs do alike\n\n"
           "Temporal's SDKs share a list of behaviours, which each of them is tested for. "
           "`tests/conformance` has a folder for each one that\n"
           "applies here, with the same name: a workflow, and a check against a real server. Where "
           "the last column says so, what the server\n"
           "recorded was replayed as well, by the code that made it.\n\n"
           "The run writes this table: `scripts/conformance --write`. `scripts/test conformance` "
           "fails if it would write another one.\n\n";
    text << count(rows, "| passes") << " rows pass, " << count(rows, "| fails") << " fail, "
         << count(rows, "| not there: ") << " are not there, " << count(rows, "| does not apply: ")
         << " do not apply.\n\n";
    text << "| row | what it checks | here | replayed |\n|---|---|---|---|\n";
    for (const auto& [path, row] : rows) {
        text << row << "\n";
    }
    return std::move(text).str();
}

std::map<std::string, std::string> rows_of(const std::string& document) {
    static const std::string begin = "| `";
    std::map<std::string, std::string> rows;
    std::istringstream lines{document};
    for (std::string row; std::getline(lines, row);) {
        if (row.starts_with(begin)) {
            rows.emplace(row.substr(begin.size(), row.find('`', begin.size()) - begin.size()), row);
        }
    }
    return rows;
}

}  // namespace conformance
