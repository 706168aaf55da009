#pragma once

// Workflows with recorded executions, as in flows.hpp: those that reach out of their run, or leave
// marks.

#include <hourglass/hourglass.hpp>

#include <string>

namespace recorded {
namespace hg = hourglass;

/// Waits for a signal if it is told to.
class Child {
public:
    hg::Task<std::string> run(bool wait);
    void poke(std::string by);

private:
    std::string by_;
};

/// Children: one that ends, one that gets a signal, one that is cancelled.
class Children {
public:
    hg::Task<std::string> run();
};

/// Signals and cancels a workflow that it did not start, and one that is not there.
class Outsider {
public:
    hg::Task<int> run(std::string other);
};

/// Local activities: side by side, retried, failing for good.
class Locals {
public:
    hg::Task<std::string> run();
};

/// Code that was changed, with patches.
class Changed {
public:
    hg::Task<std::string> run();
};

/// Search attributes and memo.
class Upserts {
public:
    hg::Task<void> run();
};

}  // namespace recorded
