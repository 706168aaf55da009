#pragma once

#include <string>
#include <vector>

namespace conformance {

class Row;

/// One behaviour that SDKs share.
struct Feature {
    /// As its folder below tests/conformance: "activity/cancel_abandon".
    std::string path;
    /// What it checks, in one line for the table.
    std::string checks;
    /// Fails as a test does, by EXPECT and ASSERT, or by an exception. Rows run side by side, each
    /// on a thread of its own: what another thread expects does not count as the row's.
    void (*run)(Row& row);
    /// What is to be said about a row that passes; empty as a rule.
    std::string note = {};
};

/// Enters a row; a namespace-scope constant of each row's file.
class Registration {
public:
    explicit Registration(Feature feature);
};

/// All rows, sorted by path.
/// @throws std::logic_error if two have the same path.
[[nodiscard]] std::vector<Feature> features();

/// Why a row has no folder here.
enum class Absence { DoesNotApply, NotThere };

struct Absent {
    std::string path;
    Absence why;
    /// What is missing, or why it is nothing for this library.
    std::string reason;
};

/// The rows without a folder, in the order of absent.cpp.
[[nodiscard]] const std::vector<Absent>& absent();

}  // namespace conformance
