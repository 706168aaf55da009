#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(Cart): the class has no public method remove, or several of the name
struct Cart {
    hourglass::Task<void> run() { co_return; }
    void add() {}
};
HOURGLASS_WORKFLOW(Cart, run, signals(add, remove))
