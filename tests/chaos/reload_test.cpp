// Other builds of the bridge are loaded into a program whose Application works.
#include "src/core/generation.hpp"
#include "subject.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;

int reloads() {
    const char* text = std::getenv("HOURGLASS_RELOADS");
    return text != nullptr ? std::stoi(text) : 5;
}

/// The library under other names: a file is loaded once only.
class Builds {
public:
    ~Builds() { std::filesystem::remove_all(folder_); }
    std::string next() {
        const auto path = folder_ / ("bridge-" + std::to_string(++count_) + ".so");
        std::filesystem::create_directories(folder_);
        std::filesystem::copy_file(HOURGLASS_TEST_BRIDGE, path);
        return path;
    }

private:
    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / unique("hourglass-bridges");
    int count_ = 0;
};

TEST(Reload, CostsOneRestartOfTheRuntimeAndNoWork) {
    hg::log::set_level(hg::log::Level::Error);
    Builds builds;
    Subject subject{subject_options(unique("reload"))};
    const auto outside = hg::Client::connect({.address = hg::test::server_address()});
    ASSERT_TRUE(subject.polls());
    Resources after_first;
    std::uint64_t generation = hg::core::generation::current();
    for (int i = 1; i <= reloads(); ++i) {
        SCOPED_TRACE("reload " + std::to_string(i));
        flows::activity_gate().close();
        const int runs_before = flows::gated_activity_runs();
        const auto id = unique("in-hand");
        auto in_hand = subject.client().start<&flows::CallsGatedActivity::run>(
            {.id = id, .task_queue = subject.queue()}, id
        );
        ASSERT_TRUE(flows::activity_gate().wait_for_arrivals(1));
        std::vector<std::string> ids;
        std::vector<OrderHandle> orders;
        for (int k = 0; k < 8; ++k) {
            ids.push_back(unique("load"));
            orders.push_back(subject.start_order(ids.back()));
        }
        const auto waiting = in_hand.result_async();

        const auto loaded = hg::core::generation::load_bridge(builds.next());
        EXPECT_GT(loaded, generation);
        generation = loaded;
        ASSERT_TRUE(eventually([&] {
            return subject.restarts()["Runtime"] == static_cast<std::size_t>(i) &&
                   subject.polls(1s);
        }));
        EXPECT_EQ(subject.app().which_children().at(0).last_exit->name(), "bridge_reloaded");
        flows::activity_gate().open();
        EXPECT_EQ(waiting.get(), id + " done");
        EXPECT_EQ(flows::gated_activity_runs(), runs_before + 1) << "its result was not lost";
        for (std::size_t k = 0; k < orders.size(); ++k) {
            EXPECT_EQ(orders[k].result(), expected_result(ids[k]));
        }
        EXPECT_EQ(outside.handle<&Order::run>(ids[0]).result(), expected_result(ids[0]))
            << "a client of its own goes on";
        for (const auto& [child, restarts] : subject.restarts()) {
            EXPECT_EQ(restarts, static_cast<std::size_t>(i)) << child;
        }
        ASSERT_FALSE(testing::Test::HasFailure());
        if (i == 1) {
            after_first = Resources::now();
        }
    }
    // A former build stays loaded, with what belongs to it as a whole.
    constexpr long kThreadsOfABuild = 1;
    constexpr long kFilesOfABuild = 8;
    const long builds_left = reloads() - 1;
    EXPECT_TRUE(eventually([&] {
        const auto now = Resources::now();
        return now.threads <= after_first.threads + builds_left * kThreadsOfABuild &&
               now.files <= after_first.files + builds_left * kFilesOfABuild &&
               now.connections <= after_first.connections;
    })) << "threads "
        << after_first.threads << " -> " << Resources::now().threads << ", files "
        << after_first.files << " -> " << Resources::now().files << ", connections "
        << after_first.connections << " -> " << Resources::now().connections;
}

}  // namespace
}  // namespace chaos
