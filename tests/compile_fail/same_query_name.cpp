#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(TwinQueries): two queries have the same name
struct TwinQueries {
    hourglass::Task<void> run() { co_return; }
    int state() const { return 1; }
    int status() const { return 2; }
};
HOURGLASS_WORKFLOW(TwinQueries, run, queries(state, named(status, "state")))
