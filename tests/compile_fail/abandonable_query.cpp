#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(Careless): abandonable(state): the workflow has no signal or update of
// this method
struct Careless {
    hourglass::Task<void> run() { co_return; }
    int state() const { return 1; }
};
HOURGLASS_WORKFLOW(Careless, run, queries(state), abandonable(state))
