#include "hourglass/workflow/workflow.hpp"

#include <coroutine>

// expect: a workflow may await Hourglass's awaitables only
hourglass::Task<void> wrong() {
    co_await std::suspend_always{};
}
