#include "hourglass/workflow/workflow.hpp"

// expect: the definition of Cart has a part `signal(add)`, which there is not: HOURGLASS_WORKFLOW
// takes signals(...)
struct Cart {
    hourglass::Task<void> run() { co_return; }
    void add() {}
};
HOURGLASS_WORKFLOW(Cart, run, signal(add))
