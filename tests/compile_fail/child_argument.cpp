#include "hourglass/workflow/workflow.hpp"

#include <string>

struct Child {
    hourglass::Task<int> run(std::string name) { co_return static_cast<int>(name.size()); }
};
HOURGLASS_WORKFLOW(Child, run)

// expect: these arguments do not fit the parameters of the workflow, signal, query or update
hourglass::Task<int> wrong() {
    const hourglass::workflow::ChildWorkflowOptions options{};
    const int result = co_await hourglass::workflow::execute_child<&Child::run>(options, 5);
    co_return result;
}
