#pragma once

#include <hourglass/hourglass.hpp>

#include <cstdint>
#include <string>

/// What the jobs run, the same in every SDK: an activity that answers its argument, and workflows
/// of `count` such activities.
namespace bench {

std::int64_t Echo(std::int64_t value);

class Sequential {
public:
    hourglass::Task<std::int64_t> run(std::int64_t count);
};

class FanOut {
public:
    hourglass::Task<std::int64_t> run(std::int64_t count);
};

/// Waits for a signal that does not come.
class Waiter {
public:
    hourglass::Task<void> run();
    void go(std::string from);

private:
    bool gone_ = false;
};

}  // namespace bench
