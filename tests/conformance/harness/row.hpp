#pragma once

// What each row's file includes.

#include "tests/conformance/harness/bench.hpp"
#include "tests/conformance/harness/events.hpp"
#include "tests/conformance/harness/gate.hpp"
#include "tests/conformance/harness/registry.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>

namespace conformance {

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// What a row works with while it runs.
/// @threads the row's own.
class Row {
public:
    explicit Row(Bench& bench) : bench_{bench} {}
    Row(const Row&) = delete;
    Row& operator=(const Row&) = delete;

    [[nodiscard]] const hg::Client& client() const { return bench_.client(); }
    [[nodiscard]] hg::Application& application() { return bench_.application(); }

    /// That of the worker that all rows share.
    [[nodiscard]] const std::string& queue() const { return bench_.queue(); }
    /// An id of its own, on that queue.
    [[nodiscard]] hg::StartOptions options() const {
        return {.id = unique("row"), .task_queue = queue()};
    }
    template <auto Run, class... A>
    [[nodiscard]] hg::WorkflowHandle<Run> start(A&&... arguments) const {
        return client().start<Run>(options(), std::forward<A>(arguments)...);
    }

    /// Expects that the code takes the way that is recorded of the run (the newest one, or the
    /// handle's) so far.
    template <class Handle>
    void replay(const Handle& handle) {
        replay_history(handle.history());
    }
    void replay_history(const hg::WorkflowHistory& history);
    /// For one that the replayer of all rows could not read.
    void replay_history(const hg::WorkflowHistory& history, hg::testing::Replayer& replayer);

    /// How many histories were.
    [[nodiscard]] int replayed() const { return replayed_; }

private:
    void expect_replayed(const hg::testing::ReplayResult& result);

    Bench& bench_;
    int replayed_ = 0;
};

/// A worker of a queue of a row's own, on the connection that all share. It runs until it is
/// stopped, can be started again, and stops with the object.
class OwnWorker {
public:
    explicit OwnWorker(Row& row, hg::WorkerOptions options = {});
    ~OwnWorker();
    OwnWorker(const OwnWorker&) = delete;
    OwnWorker& operator=(const OwnWorker&) = delete;

    /// Returns when it is registered.
    void start();
    void stop();
    [[nodiscard]] const std::string& queue() const { return worker_.task_queue; }
    /// As Row::options, on this queue.
    [[nodiscard]] hg::StartOptions options() const {
        return {.id = unique("row"), .task_queue = queue()};
    }

private:
    hg::Application& application_;
    hg::WorkerOptions worker_;
    bool running_ = false;
};

/// The failure that a workflow ended with.
/// @throws std::runtime_error if it ended otherwise.
template <class Handle>
[[nodiscard]] hg::WorkflowFailedError failure_of(const Handle& handle) {
    try {
        handle.untyped().template result<void>();
    } catch (const hg::WorkflowFailedError& error) {
        return error;
    }
    throw std::runtime_error{"the workflow " + handle.id() + " did not fail"};
}

}  // namespace conformance
