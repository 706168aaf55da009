#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(Derived): the run method run is inherited
struct Base {
    hourglass::Task<void> run() { co_return; }
};
struct Derived : Base {};
HOURGLASS_WORKFLOW(Derived, run)
