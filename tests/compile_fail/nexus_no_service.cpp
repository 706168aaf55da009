#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_NEXUS_SERVICE has to make this class a service first
struct Greetings {
    int greet(int times);
};

void calls() {
    static_cast<void>(hourglass::workflow::nexus_client<Greetings>("prod"));
}
