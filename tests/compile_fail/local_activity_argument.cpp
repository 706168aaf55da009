#include "hourglass/workflow/workflow.hpp"

#include <chrono>

int charge(int cents);

// expect: execute_local_activity: the arguments after the options do not fit the activity's
// parameters
hourglass::Task<int> wrong() {
    const hourglass::workflow::LocalActivityOptions options{
        .start_to_close_timeout = std::chrono::seconds{1}
    };
    const int result = co_await hourglass::workflow::execute_local_activity<&charge>(options, 1e20);
    co_return result;
}
