#pragma once

#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;
using ::testing::HasSubstr;

/// A worker of a queue of its own. Each test runs twice: with a cache, and without, where Core
/// replays the whole history for every task and compares what the workflow does with it.
class WorkflowTest : public ::testing::TestWithParam<std::uint32_t> {
protected:
    void SetUp() override { start_app(); }

    void start_app() {
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.default_worker.task_queue = queue_;
        options.default_worker.max_cached_workflows = GetParam();
        app_ = std::make_unique<hg::Application>(options);
        client_ = std::make_unique<hg::Client>(app_->client());
    }

    [[nodiscard]] hg::StartOptions start_options(const std::string& prefix) const {
        return {.id = unique(prefix), .task_queue = queue_};
    }
    template <auto Run, class... A>
    auto start(A&&... arguments) {
        return client_->start<Run>(start_options("flow"), std::forward<A>(arguments)...);
    }
    template <auto Run, class... A>
    auto execute(A&&... arguments) {
        return start<Run>(std::forward<A>(arguments)...).result();
    }
    template <class Handle>
    static int count_events(const Handle& handle, const std::string& type) {
        return count_in(handle.history().to_json(), type);
    }
    /// Until the run waits for a message only. A query is no sign of that: the server may answer it
    /// from a history whose last workflow task has yet to begin, and then begins with other code.
    template <class Handle>
    [[nodiscard]] static bool comes_to_rest(const Handle& handle) {
        return eventually([&] {
            const std::string history = handle.history().to_json();
            return count_in(history, "TIMER_STARTED") == count_in(history, "TIMER_FIRED") &&
                   count_in(history, "WORKFLOW_TASK_SCHEDULED") ==
                       count_in(history, "WORKFLOW_TASK_COMPLETED");
        });
    }

    const std::string queue_ = unique("queue");
    std::unique_ptr<hg::Application> app_;
    std::unique_ptr<hg::Client> client_;

private:
    static int count_in(const std::string& history, const std::string& type) {
        int count = 0;
        for (auto at = history.find("\"EVENT_TYPE_" + type + "\""); at != std::string::npos;
             at = history.find("\"EVENT_TYPE_" + type + "\"", at + 1)) {
            ++count;
        }
        return count;
    }
};

/// For each test class: `INSTANTIATE_TEST_SUITE_P(Replay, Mine, with_and_without_cache(),
/// cache_name);`
inline auto with_and_without_cache() {
    return ::testing::Values(1000U, 0U);
}
inline std::string cache_name(const ::testing::TestParamInfo<std::uint32_t>& info) {
    return info.param == 0 ? "Replayed" : "Cached";
}
