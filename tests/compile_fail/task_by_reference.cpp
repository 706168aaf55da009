#include "hourglass/workflow/workflow.hpp"

#include <utility>

// expect: a Task is awaited once: write co_await std::move(task)
hourglass::Task<void> wrong(hourglass::Task<void> task) {
    co_await task;
}
