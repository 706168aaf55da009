#include "hourglass/client/client.hpp"
#include "hourglass/workflow/workflow.hpp"

// expect: signal: this method is no signal of the workflow
struct Checkout {
    hourglass::Task<void> run() { co_return; }
    hourglass::Task<void> approve() { co_return; }
    int total() const { return 1; }
    int add(int cents) { return cents; }
};
HOURGLASS_WORKFLOW(Checkout, run, signals(approve), queries(total), updates(add))

void wrong(const hourglass::WorkflowHandle<&Checkout::run>& handle) {
    handle.signal<&Checkout::run>();
}
