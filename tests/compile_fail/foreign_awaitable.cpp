#include <coroutine>

#include "hourglass/workflow/workflow.hpp"

// expect: a workflow may await Hourglass's awaitables only
hourglass::Task<void> wrong() {
    co_await std::suspend_always{};
}
