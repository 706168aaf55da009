#include "hourglass/workflow/workflow.hpp"

#include <chrono>
#include <utility>

// expect: with_timeout() takes the limit first, and then what it is for: with_timeout(5min, work())
hourglass::Task<int> wrong(hourglass::Task<int> work) {
    const int got =
        co_await hourglass::workflow::with_timeout(std::move(work), std::chrono::minutes{5});
    co_return got;
}
