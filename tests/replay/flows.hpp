#pragma once

// Workflows of which tests/replay/histories has recorded executions: one for each kind of command.
// Whoever changes what they do makes their histories fail, which is what the test is for; then
// record them again with scripts/record-histories.

#include <hourglass/hourglass.hpp>

#include <string>
#include <vector>

namespace recorded {
namespace hg = hourglass;

/// Activities one after the other and side by side, one of them failing for good, one retried.
class Activities {
public:
    hg::Task<std::string> run(std::string text);
};

/// Timers that fire, and one that is cancelled.
class Timers {
public:
    hg::Task<int> run();
};

/// Signals, an update with a validator, a query, a condition with a timeout.
class Messages {
public:
    hg::Task<int> run(int wanted);
    void add(int value);
    int add_and_sum(int value);
    void check(int value) const;
    int sum() const;

private:
    int count_ = 0;
    int sum_ = 0;
};

/// Ends, and its handler starts an activity in the same activation: Core sends that first.
class EndsFirst {
public:
    hg::Task<std::string> run();
    hg::Task<void> follow();
    void end();

private:
    bool ended_ = false;
};

/// Is cancelled, undoes what it did in a shielded scope, and ends as cancelled.
class Cancelled {
public:
    hg::Task<void> run();
};

/// Cancels an activity that it started.
class CancelsActivity {
public:
    hg::Task<std::string> run();
};

/// Goes on as new until nothing is left.
class Continues {
public:
    hg::Task<int> run(int left);
};

/// Fails.
class Fails {
public:
    hg::Task<void> run(std::string why);
};

/// Its way depends on random numbers and on the workflow's time.
class Random {
public:
    hg::Task<std::vector<int>> run();
};

/// Whether the histories are being recorded; then Mended's mistake is there. Set it before the
/// first workflow runs.
bool& recording();

/// Its first workflow task fails once, by a mistake that is mended afterwards.
class Mended {
public:
    hg::Task<std::string> run();
};

}  // namespace recorded
