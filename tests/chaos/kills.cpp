#include "kills.hpp"

#include "src/supervision/cell.hpp"
#include "tally.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::supervision::ExitReason;
using hg::supervision::detail::CellAccess;
using hg::test::eventually;

const std::map<std::string, std::vector<std::string>>& table() {
    static const std::map<std::string, std::vector<std::string>> rows{
        {"Runtime",
         {"Runtime", "BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        {"BridgeHolder", {"BridgeHolder", "WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        {"WorkerRegistry", {"WorkerRegistry", "WorkerSupervisor", "WorkerLauncher"}},
        {"WorkerSupervisor", {"WorkerSupervisor", "WorkerLauncher"}},
        {"WorkerLauncher", {"WorkerLauncher"}},
    };
    return rows;
}

/// Their deaths interrupt no polling, so there is no healing to measure.
bool polls_on_without(const std::string& id) {
    return id == "WorkflowStateCache" || id == "WorkflowEvaluatorSupervisor" ||
           id == "ActivityExecutorSupervisor" || id == "NexusExecutorSupervisor" ||
           id == "WorkerLauncher";
}

}  // namespace

void expect_restarts_of(const std::string& child, Restarts& restarts) {
    if (const auto row = table().find(child); row != table().end()) {
        for (const auto& id : row->second) {
            ++restarts[id];
        }
    }
}

void expect_restarts(const Subject& subject, const Restarts& expected) {
    // A worker whose WorkerSupervisor died polls on while the rest is still on its way.
    static_cast<void>(eventually([&] { return subject.restarts() == expected; }, 5s));
    EXPECT_EQ(subject.restarts(), expected);
}

void expect_restarts_up_to(
    const Subject& subject, const std::string& child, const Restarts& before, std::size_t times
) {
    Restarts once = before;
    expect_restarts_of(child, once);
    for (const auto& [id, restarts] : subject.restarts()) {
        const auto most = before.at(id) + times * (once.at(id) - before.at(id));
        EXPECT_GE(restarts, before.at(id)) << id;
        EXPECT_LE(restarts, most) << id;
    }
}

void kill(Subject& subject, const std::string& id) {
    ASSERT_TRUE(eventually([&] { return subject.app().kill(id); })) << id;
    tally().killed();
}

void kill_and_heal(Subject& subject, const std::string& id) {
    std::vector<Pid> victims;
    ASSERT_TRUE(eventually([&] {
        victims = subject.pids(id);
        return victims.size() == 1;
    })) << id;
    const auto begin = std::chrono::steady_clock::now();
    victims.front().exit(ExitReason::kill());
    tally().killed();
    ASSERT_TRUE(eventually([&] {
        const auto now = subject.pids(id);
        return now.size() == 1 && now != victims && subject.polls(1s);
    })) << id;
    if (!polls_on_without(id)) {
        tally().healed_after(std::chrono::steady_clock::now() - begin);
    }
}

Processes::Processes(const Subject& subject, const std::string& supervisor)
    : supervisor_{subject.pids(supervisor).at(0)} {}

Pid Processes::kill_one() const {
    // Not with `eventually`: a short task would come and go between two looks.
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline) {
        for (const Pid& process : now()) {
            if (kill_process(process)) {
                return process;
            }
        }
    }
    return {};
}

bool Processes::kill_until_one_dies(const std::stop_token& finished) const {
    while (!finished.stop_requested()) {
        for (const Pid& process : now()) {
            if (kill_process(process) && died_of_it(process)) {
                return true;
            }
        }
    }
    return false;
}

std::vector<Pid> Processes::now() const {
    return CellAccess::cell(supervisor_)->children();
}

bool kill_process(const Pid& process) {
    if (!process.exit(ExitReason::kill())) {
        return false;
    }
    tally().killed();
    return true;
}

bool died_of_it(const Pid& process) {
    EXPECT_TRUE(eventually([&] { return !process.alive(); }));
    const auto reason = CellAccess::cell(process)->ended();
    return reason && reason->kind() == ExitReason::Kind::Killed;
}

}  // namespace chaos
