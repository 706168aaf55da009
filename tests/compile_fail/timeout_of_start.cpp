#include "hourglass/workflow/workflow.hpp"

#include <chrono>

// expect: with_timeout() cancels what takes too long, and a start cannot be cancelled
hourglass::Task<void> wrong() {
    const auto child = hourglass::workflow::execute_child<int>("Invoice", {});
    co_await hourglass::workflow::with_timeout(std::chrono::seconds{1}, child.started());
}
