#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(Twins): two signals have the same name
struct Twins {
    hourglass::Task<void> run() { co_return; }
    void poke() {}
    void push() {}
};
HOURGLASS_WORKFLOW(Twins, run, signals(poke, named(push, "poke")))
