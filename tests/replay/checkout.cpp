#include "tests/replay/checkout.hpp"

// The README's program, with its main under another name. Under that name it needs a return.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wreturn-type"
#define main checkout_main
#include "examples/checkout/checkout.cpp"
#undef main
#pragma GCC diagnostic pop

#include <utility>

namespace recorded {

hourglass::WorkflowHandle<> start_checkout(const hourglass::Client& client, std::string id) {
    return client.start<&Checkout::run>({.id = std::move(id)}, Order{"7", 1999}).untyped();
}

}  // namespace recorded
