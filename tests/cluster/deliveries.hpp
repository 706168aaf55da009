#pragma once

#include "hourglass/hourglass.hpp"

#include <cstddef>
#include <string>
#include <sys/types.h>
#include <vector>

/// The work that several processes share while a service of the cluster is killed, and the book
/// that says who did what.
namespace cluster {

namespace hg = hourglass;

/// The begin or the end of an attempt.
struct Entry {
    bool end = false;
    /// WORKFLOW-ID/ACTIVITY-ID
    std::string activity = {};
    unsigned attempt = 0;
    pid_t process = 0;
};

/// One file for all processes.
class Book {
public:
    explicit Book(std::string file) : file_{std::move(file)} {}

    /// In one write to its end: lines of several processes do not mix.
    void write(const Entry& entry) const;
    /// In the order in which they were written.
    [[nodiscard]] std::vector<Entry> entries() const;
    /// Attempts that have begun and not ended.
    [[nodiscard]] std::size_t in_flight() const;

private:
    std::string file_;
};

/// Of the activities in this process; set before the worker starts.
void keep_book(std::string file);

/// An activity that takes `ms` milliseconds, and writes its begin and its end into the book.
std::string leg(std::string name, int ms);

/// Three times two activities side by side, with a timer in between, then two signals.
class Delivery {
public:
    hg::Task<std::string> run(std::string id);
    void add(int value);

private:
    int sum_ = 0;
    int signals_ = 0;
};

/// How many activities a Delivery has.
inline constexpr std::size_t kLegs = 6;

/// What a Delivery answers after `add(1)` and `add(10)`.
[[nodiscard]] std::string expected_result(const std::string& id);

}  // namespace cluster

HOURGLASS_WORKFLOW(cluster::Delivery, run, signals(add));
HOURGLASS_ACTIVITY(cluster::leg);
