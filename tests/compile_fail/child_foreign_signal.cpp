#include "hourglass/workflow/workflow.hpp"

struct Child {
    hourglass::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(Child, run)

struct Other {
    hourglass::Task<void> run() { co_return; }
    void poke() {}
};
HOURGLASS_WORKFLOW(Other, run, signals(poke))

// expect: this signal, query or update belongs to another workflow class than the handle
hourglass::Task<void> wrong() {
    const hourglass::workflow::ChildWorkflowOptions options{};
    const auto child = hourglass::workflow::execute_child<&Child::run>(options);
    co_await child.signal<&Other::poke>();
}
