#include "hourglass/workflow/workflow.hpp"

// expect: HOURGLASS_WORKFLOW(Cart) must stand at global scope: close the namespace before it
namespace shop {
struct Cart {
    hourglass::Task<void> run() { co_return; }
};
HOURGLASS_WORKFLOW(Cart, run)
}  // namespace shop
