#include "hourglass/client/client.hpp"
#include "hourglass/workflow/nexus_service.hpp"

// expect: start: this is no operation of the service
struct Greetings {
    int greet(int times);
    int secret(int times);
};
HOURGLASS_NEXUS_SERVICE(Greetings, operations(greet))

void calls(const hourglass::NexusClient<Greetings>& greetings) {
    static_cast<void>(greetings.start<&Greetings::secret>({.id = "greet-7"}, 1));
}
