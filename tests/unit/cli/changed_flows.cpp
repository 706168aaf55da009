// A workflow of which tests/replay has a history, changed since.
#include <hourglass/hourglass.hpp>

#include <chrono>

namespace changed {

class Timers {
public:
    hourglass::Task<int> run() {
        co_await hourglass::workflow::wait_condition([] { return false; });
        co_return 0;
    }
};

}  // namespace changed

HOURGLASS_WORKFLOW(changed::Timers, run);
