#include "hourglass/workflow/workflow.hpp"

#include <chrono>

// Each compiler has a message of its own, and shows the line.
// expect: ActivityOptions options{.start_to_close = std::chrono::seconds{1}};
void wrong() {
    const hourglass::workflow::ActivityOptions options{.start_to_close = std::chrono::seconds{1}};
    static_cast<void>(options);
}
