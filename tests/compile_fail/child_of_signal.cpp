#include "hourglass/workflow/workflow.hpp"

struct Child {
    hourglass::Task<void> run() { co_return; }
    hourglass::Task<void> poke() { co_return; }
};
HOURGLASS_WORKFLOW(Child, run, signals(poke))

// expect: a workflow is named by its run method, and this method is none
hourglass::Task<void> wrong() {
    const hourglass::workflow::ChildWorkflowOptions options{};
    co_await hourglass::workflow::execute_child<&Child::poke>(options);
}
