#include "hourglass/client/client.hpp"
#include "hourglass/workflow/workflow.hpp"

// expect: a workflow is named by its run method, and this method is none
struct Checkout {
    hourglass::Task<void> run() { co_return; }
    hourglass::Task<void> approve() { co_return; }
    int total() const { return 1; }
    int add(int cents) { return cents; }
};
HOURGLASS_WORKFLOW(Checkout, run, signals(approve), queries(total), updates(add))

void wrong(const hourglass::Client& client) {
    client.start<&Checkout::approve>({.id = "order-7"});
}
