#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(Chatty): describe(helper, ...): the workflow has no signal, query or
// update of this method
struct Chatty {
    hourglass::Task<void> run() { co_return; }
    void poke() {}
    void helper() {}
};
HOURGLASS_WORKFLOW(Chatty, run, describe(helper, "Helps"), signals(poke))
