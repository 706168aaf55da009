#include "hourglass/workflow/workflow.hpp"

// expect: the query next must be a const method that returns a value at once
struct Counter {
    hourglass::Task<void> run() { co_return; }
    int next() { return ++count; }
    int count = 0;
};
HOURGLASS_WORKFLOW(Counter, run, queries(next))
