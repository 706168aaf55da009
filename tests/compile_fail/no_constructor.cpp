#include "hourglass/workflow/workflow.hpp"

#include <string>

// expect: needs a public constructor that takes nothing, or what its run method run takes
struct Cart {
    explicit Cart(std::string owner) : owner{owner} {}
    hourglass::Task<void> run(int) { co_return; }
    std::string owner;
};
HOURGLASS_WORKFLOW(Cart, run)
