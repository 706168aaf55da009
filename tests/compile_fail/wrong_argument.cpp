#include "hourglass/workflow/workflow.hpp"

#include <chrono>
#include <string>

int charge(std::string order);

// expect: execute_activity: the arguments after the options do not fit the activity's parameters
hourglass::Task<int> wrong() {
    const hourglass::workflow::ActivityOptions options{
        .start_to_close_timeout = std::chrono::seconds{1}
    };
    const int result = co_await hourglass::workflow::execute_activity<&charge>(options, 5, 6);
    co_return result;
}
