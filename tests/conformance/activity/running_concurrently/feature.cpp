#include "tests/conformance/harness/row.hpp"

#include <array>
#include <vector>

namespace conformance::activity_concurrently {

std::array<Gate, 3>& gates() {
    static std::array<Gate, 3> all;
    return all;
}

int ends_when_told(int number) {
    gates().at(static_cast<std::size_t>(number)).wait();
    return number;
}

class Collects {
public:
    hg::Task<std::vector<int>> run() {
        std::vector<wf::ActivityHandle<int>> running;
        for (int i = 0; i < 3; ++i) {
            running.push_back(
                wf::execute_activity<&ends_when_told>({.start_to_close_timeout = 1min}, i)
            );
        }
        while (!running.empty()) {
            const std::size_t first = co_await wf::race(running);
            arrived_.push_back(running[first].result());
            running.erase(running.begin() + static_cast<std::ptrdiff_t>(first));
        }
        co_return arrived_;
    }
    std::vector<int> arrived() const { return arrived_; }

private:
    std::vector<int> arrived_;
};

}  // namespace conformance::activity_concurrently

HOURGLASS_ACTIVITY(conformance::activity_concurrently::ends_when_told);
HOURGLASS_WORKFLOW(
    conformance::activity_concurrently::Collects, run, name("Collects"), queries(arrived)
);

namespace conformance::activity_concurrently {

void run(Row& row) {
    const auto handle = row.start<&Collects::run>();
    const auto arrived = [&](const std::vector<int>& expected) {
        return eventually([&] { return handle.query<&Collects::arrived>() == expected; });
    };
    gates()[2].open();
    EXPECT_TRUE(arrived({2}));
    gates()[0].open();
    EXPECT_TRUE(arrived({2, 0}));
    gates()[1].open();
    EXPECT_THAT(handle.result(), ElementsAre(2, 0, 1));
    const auto scheduled = Events::of(handle).all("ActivityTaskScheduled");
    ASSERT_EQ(scheduled.size(), 3U);
    for (const auto& each : scheduled) {
        EXPECT_EQ(
            each.at("workflowTaskCompletedEventId"), scheduled[0].at("workflowTaskCompletedEventId")
        ) << "all in one workflow task";
    }
    row.replay(handle);
}

const Registration kRow{
    {.path = "activity/running_concurrently",
     .checks = "one workflow task schedules several activities, whose results are taken as they "
               "come",
     .run = run}
};

}  // namespace conformance::activity_concurrently
