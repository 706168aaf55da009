#include "hourglass/workflow/workflow.hpp"

#include <vector>

// expect: all() takes the Tasks over: write all(std::move(tasks))
hourglass::Task<int> wrong(std::vector<hourglass::Task<int>> tasks) {
    const std::vector<int> results = co_await hourglass::workflow::all(tasks);
    co_return results.front();
}
