#include "flows.hpp"

#include <chrono>
#include <vector>

namespace bench {

namespace hg = hourglass;
using namespace std::chrono_literals;

std::int64_t Echo(std::int64_t value) {
    return value;
}

hg::Task<std::int64_t> Sequential::run(std::int64_t count) {
    std::int64_t sum = 0;
    for (std::int64_t index = 0; index < count; ++index) {
        const std::int64_t one =
            co_await hg::workflow::execute_activity<&Echo>({.start_to_close_timeout = 60s}, index);
        sum += one;
    }
    co_return sum;
}

hg::Task<std::int64_t> FanOut::run(std::int64_t count) {
    std::vector<hg::workflow::ActivityHandle<std::int64_t>> running;
    for (std::int64_t index = 0; index < count; ++index) {
        running.push_back(
            hg::workflow::execute_activity<&Echo>({.start_to_close_timeout = 60s}, index)
        );
    }
    std::int64_t sum = 0;
    for (auto& activity : running) {
        const std::int64_t one = co_await activity;
        sum += one;
    }
    co_return sum;
}

hg::Task<void> Waiter::run() {
    co_await hg::workflow::wait_condition([this] { return gone_; });
}

void Waiter::go(std::string /*from*/) {
    gone_ = true;
}

}  // namespace bench

HOURGLASS_WORKFLOW(bench::Sequential, run);
HOURGLASS_WORKFLOW(bench::FanOut, run);
HOURGLASS_WORKFLOW(bench::Waiter, run, signals(go));
HOURGLASS_ACTIVITY(bench::Echo);
