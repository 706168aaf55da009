#include "hourglass/workflow/workflow.hpp"

// expect: it is dynamic(), so that its run method must take hourglass::Payloads
struct Anything {
    hourglass::Task<void> run(int /*number*/) { co_return; }
};
HOURGLASS_WORKFLOW(Anything, run, dynamic())
