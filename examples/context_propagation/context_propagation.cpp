// A tenant that is said once, where the request comes in, and is known in the workflow, in its
// child, and in the activities of both.
#include "tenant.hpp"
#include <hourglass/hourglass.hpp>

#include <exception>
#include <iostream>
#include <random>
#include <string>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
using namespace std::chrono_literals;

namespace shop {

std::string charge(int cents) {
    return tenancy::current_tenant() + " pays " + std::to_string(cents);
}

class Invoice {
public:
    hg::Task<std::string> run(int cents) {
        const std::string paid =
            co_await wf::execute_activity<&charge>({.start_to_close_timeout = 30s}, cents);
        co_return "invoice of " + tenancy::current_tenant() + ": " + paid;
    }
};

class Purchase {
public:
    hg::Task<std::string> run(int cents);
};

}  // namespace shop

HOURGLASS_ACTIVITY(shop::charge);
HOURGLASS_WORKFLOW(shop::Invoice, run);
HOURGLASS_WORKFLOW(shop::Purchase, run);

namespace shop {

hg::Task<std::string> Purchase::run(int cents) {
    const std::string invoice = co_await wf::execute_child<&Invoice::run>({}, cents);
    co_return "purchase of " + tenancy::current_tenant() + ", " + invoice;
}

}  // namespace shop

int main() {
    try {
        // [use]
        auto options = hg::ApplicationOptions::from_environment();
        options.client.interceptors = {tenancy::propagation()};  // for the workers, too
        hg::Application app{options};

        const tenancy::ForTenant acme{"acme"};
        const std::string id = "purchase-" + std::to_string(std::random_device{}());
        std::cout << app.client().execute<&shop::Purchase::run>({.id = id}, 1999) << "\n";
        // [use]
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
