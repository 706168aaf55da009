#include "hourglass/workflow/workflow.hpp"

// expect: versioning() takes Pinned or AutoUpgrade; leave it out to get the worker's default
struct Cart {
    hourglass::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(Cart, run, versioning(Unspecified))
