#include "hourglass/workflow/workflow.hpp"

// expect: a workflow must not await hourglass::Future
hourglass::Task<int> wrong(hourglass::Future<int> future) {
    const int result = co_await future;
    co_return result;
}
