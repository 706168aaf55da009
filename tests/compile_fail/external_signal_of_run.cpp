#include "hourglass/workflow/workflow.hpp"

struct Other {
    hourglass::Task<void> run() { co_return; }
    void poke() {}
};
HOURGLASS_WORKFLOW(Other, run, signals(poke))

// expect: signal: this method is no signal of the workflow
hourglass::Task<void> wrong() {
    const auto other = hourglass::workflow::external_workflow<&Other::run>("other-7");
    co_await other.signal<&Other::run>();
}
