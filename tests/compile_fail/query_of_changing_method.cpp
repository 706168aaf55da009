#include "hourglass/client/client.hpp"
#include "hourglass/workflow/task.hpp"

// expect: query: this method is no query of the workflow
class Elsewhere {  // somebody else's workflow, of which only the class is known
public:
    hourglass::Task<void> run();
    int next();
};

void wrong(const hourglass::WorkflowHandle<&Elsewhere::run>& handle) {
    handle.query<&Elsewhere::next>();
}
