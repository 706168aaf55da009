// Random numbers and UUIDs against the dev server: a run that is replayed has them again.
#include "tests/integration/workflow/fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace randoms {

class Draws {
public:
    hg::Task<std::vector<std::string>> run() {
        draw();
        co_await wf::sleep(10ms);
        draw();
        co_await wf::wait_condition([this] { return go_; });
        draw();
        co_return drawn_;
    }
    void go() { go_ = true; }
    std::vector<std::string> drawn() const { return drawn_; }

private:
    void draw() {
        drawn_.push_back(wf::uuid7());
        drawn_.push_back(std::to_string(wf::random_stream("prices")()));
        drawn_.push_back(std::to_string(wf::random_stream("names")()));
        drawn_.push_back(std::to_string(wf::random()()));
        drawn_.push_back(wf::uuid4());
    }
    std::vector<std::string> drawn_;
    bool go_ = false;
};

}  // namespace randoms

HOURGLASS_WORKFLOW(randoms::Draws, run, signals(go), queries(drawn));

namespace {

class RandomTest : public WorkflowTest {};

TEST_P(RandomTest, NumbersAndUuidsAreTheSameAfterAReplay) {
    const auto outside = hg::Client::connect({.address = hg::test::server_address()});
    const auto handle = outside.start<&randoms::Draws::run>(start_options("random"));
    ASSERT_TRUE(comes_to_rest(handle));
    const auto before = handle.query<&randoms::Draws::drawn>();
    EXPECT_EQ(before.size(), 10U);
    client_.reset();
    app_.reset();  // the run is evicted with its worker
    start_app();
    EXPECT_EQ(handle.query<&randoms::Draws::drawn>(), before);
    handle.signal<&randoms::Draws::go>();
    const auto all = handle.result();
    ASSERT_EQ(all.size(), 15U);
    EXPECT_TRUE(std::equal(before.begin(), before.end(), all.begin()));

    auto sorted = all;
    std::ranges::sort(sorted);
    EXPECT_EQ(std::ranges::adjacent_find(sorted), sorted.end()) << "all differ";
    EXPECT_TRUE(all[0] < all[5] && all[5] < all[10]) << "version 7 sorts by time";
    for (const std::size_t uuid : {0U, 5U, 10U}) {
        EXPECT_EQ(all[uuid].size(), 36U);
        EXPECT_EQ(all[uuid][14], '7');
        EXPECT_EQ(all[uuid + 4][14], '4');
    }
}

INSTANTIATE_TEST_SUITE_P(Replay, RandomTest, with_and_without_cache(), cache_name);

}  // namespace
