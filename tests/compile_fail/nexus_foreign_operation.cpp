#include "hourglass/workflow/workflow.hpp"

// expect: execute: this is no operation of the service
struct Greetings {
    int greet(int times);
    int secret(int times);
};
HOURGLASS_NEXUS_SERVICE(Greetings, operations(greet))

void calls(const hourglass::workflow::NexusClient<Greetings>& greetings) {
    static_cast<void>(greetings.execute<&Greetings::secret>({}, 1));
}
