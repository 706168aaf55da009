#include "hourglass/workflow/workflow.hpp"

// expect: shield() takes a Task: what a handle stands for was started before, in the scope that is
// to be kept off
hourglass::Task<int> wrong(hourglass::workflow::ActivityOptions options) {
    const int refunded = co_await hourglass::workflow::shield(
        hourglass::workflow::execute_activity<int>("refund", options)
    );
    co_return refunded;
}
