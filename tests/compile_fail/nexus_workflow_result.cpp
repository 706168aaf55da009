#include "hourglass/nexus/nexus.hpp"
#include "hourglass/workflow/workflow.hpp"

// expect: the workflow's result is not the operation's
struct Counts {
    hourglass::Task<int> run() { co_return 7; }
};
HOURGLASS_WORKFLOW(Counts, run);

hourglass::nexus::Operation<bool> greet() {
    return hourglass::nexus::workflow_run<&Counts::run>({.id = "counts"});
}
