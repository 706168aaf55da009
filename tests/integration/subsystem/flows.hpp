#pragma once

#include <hourglass/hourglass.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>

namespace flows {

namespace hg = hourglass;

/// Where a test holds workflow and activity code up, to break something meanwhile.
class Gate {
public:
    void close();
    void open();
    /// In the code that is held up.
    void pass();
    /// In the test: until `count` have arrived since the gate was closed.
    bool wait_for_arrivals(int count);

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    int arrived_ = 0;
};

Gate& activity_gate();
Gate& workflow_gate();
std::atomic<int>& gated_activity_runs();

/// Waits at the activity gate, then answers.
std::string gated_activity(std::string text);
std::string echo(std::string text);
/// Fails so many times, then answers the attempt's number.
int fail_until(int attempt);
void fail_for_good(std::string type);
int throw_an_int();
/// Heartbeats until it is cancelled.
void until_cancelled();

class CallsGatedActivity {
public:
    hg::Task<std::string> run(std::string text);
};

/// Blocks its thread at the workflow gate, as no workflow should: the test holds an activation in
/// hand that way.
class GatedWorkflow {
public:
    hg::Task<std::string> run(std::string text);
};

class Echo {
public:
    hg::Task<std::string> run(std::string text);
};

/// Signals, queries and updates over a list.
class Collector {
public:
    hg::Task<int> run(int wanted);
    void add(int value);
    int sum() const;
    int add_and_sum(int value);
    void check(int value) const;

private:
    int sum_ = 0;
    int count_ = 0;
};

class Retries {
public:
    hg::Task<int> run(int attempts);
};

class FailsActivity {
public:
    hg::Task<void> run(std::string type);
};

class ThrowsInt {
public:
    hg::Task<int> run();
};

class CountsDown {
public:
    hg::Task<std::string> run(int n);
};

/// Waits for its cancellation while an activity runs; then undoes.
class Saga {
public:
    hg::Task<std::string> run();
};

class CancelsActivity {
public:
    hg::Task<std::string> run();
};

}  // namespace flows
