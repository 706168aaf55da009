#include "hourglass/workflow/workflow.hpp"

#include <string>

// expect: run is a coroutine and takes a reference: it must take values
struct Greeting {
    hourglass::Task<void> run(const std::string& /*name*/) noexcept { co_return; }
};
HOURGLASS_WORKFLOW(Greeting, run)
