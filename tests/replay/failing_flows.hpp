#pragma once

// Workflows with recorded executions, as in flows.hpp: those to which something outside of them
// does not come to be, or is taken back.

#include <hourglass/hourglass.hpp>

#include <string>

namespace recorded {
namespace hg = hourglass;

/// Local activities: one that is cancelled while it runs, one that waits for its next attempt with
/// a timer of the workflow.
class LocalsThatWait {
public:
    hg::Task<std::string> run();
};

/// Children: one that fails, one whose id is taken, and cancelled ones that nobody waits for.
class ChildrenThatFail {
public:
    hg::Task<std::string> run();
};

/// Updates: one that succeeds, one that fails after it was accepted. And a signal to another
/// workflow that is taken back before it is sent.
class Refuses {
public:
    hg::Task<std::string> run();
    hg::Task<int> half(int number);

private:
    hg::Task<void> signal_nobody();
    int updates_ = 0;
};

}  // namespace recorded
