#include "hourglass/workflow/workflow.hpp"

// expect: continue_as_new: this is not the workflow's run method
struct Loop {
    hourglass::Task<void> run() {
        hourglass::workflow::continue_as_new<&Loop::poke>({});
        co_return;
    }
    hourglass::Task<void> poke() { co_return; }
};
HOURGLASS_WORKFLOW(Loop, run, signals(poke))
