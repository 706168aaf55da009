#include "hourglass/workflow/workflow.hpp"

// expect: all() and race() take a Task over: write std::move(task), or give them the handle of
// hourglass::workflow::spawn()
hourglass::Task<void> wrong(hourglass::Task<int> one, hourglass::Task<int> other) {
    static_cast<void>(co_await hourglass::workflow::race(one, other));
}
