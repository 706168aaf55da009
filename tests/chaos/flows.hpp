#pragma once

#include "tests/integration/subsystem/flows.hpp"
#include <hourglass/hourglass.hpp>

#include <atomic>
#include <map>
#include <mutex>
#include <string>

/// The work that goes on while the tree is broken, and the books that say what came of it.
namespace chaos {

namespace hg = hourglass;

/// How often each effect happened.
class Effects {
public:
    void happened(const std::string& id);
    [[nodiscard]] int count(const std::string& id) const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, int> counts_;
};

Effects& effects();

/// An activity whose effect is counted; it takes `ms` milliseconds.
std::string effect(std::string id, int ms);

/// Two effects, a timer between them, and two signals: the result says what was seen.
class Order {
public:
    hg::Task<std::string> run(std::string id);
    void add(int value);

private:
    int sum_ = 0;
    int signals_ = 0;
};

/// Calls flows::gated_activity, which may take minutes: its result has to survive an outage that is
/// shorter.
class Patient {
public:
    hg::Task<std::string> run(std::string text);
};

/// Calls an operation of the service "chaos", which waits at the Nexus gate.
class CallsNexus {
public:
    hg::Task<std::string> run(std::string endpoint, std::string text);
};

flows::Gate& nexus_gate();
/// How often the operation was handled.
std::atomic<int>& nexus_requests();
/// The service "chaos".
[[nodiscard]] hg::nexus::Services nexus_services();

/// What an undisturbed Order answers after `add(1)` and `add(10)`.
[[nodiscard]] std::string expected_result(const std::string& id);

}  // namespace chaos

HOURGLASS_WORKFLOW(chaos::Order, run, signals(add));
HOURGLASS_WORKFLOW(chaos::Patient, run);
HOURGLASS_WORKFLOW(chaos::CallsNexus, run);
HOURGLASS_ACTIVITY(chaos::effect);
