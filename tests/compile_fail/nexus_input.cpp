#include "hourglass/workflow/workflow.hpp"

// expect: in number or type, or a number would lose its value
struct Greetings {
    int greet(int times);
};
HOURGLASS_NEXUS_SERVICE(Greetings, operations(greet))

void calls(const hourglass::workflow::NexusClient<Greetings>& greetings) {
    static_cast<void>(greetings.execute<&Greetings::greet>({}, "once"));
}
