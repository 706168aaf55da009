#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_NEXUS_SERVICE(Greetings): the operation greet must take one value or nothing
struct Greetings {
    int greet(int times, int more);
};
HOURGLASS_NEXUS_SERVICE(Greetings, operations(greet))
