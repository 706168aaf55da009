// [readme]
#include <hourglass/hourglass.hpp>

#include <iostream>

namespace hg = hourglass;
using namespace std::chrono_literals;

struct Order {
    std::string id;
    int cents;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, id, cents)

std::string charge(Order order) {  // an activity: ordinary code, may block
    hg::activity::heartbeat("charging");
    return "receipt-" + order.id;
}

class Checkout {  // a workflow: deterministic, durable
public:
    hg::Task<std::string> run(Order order) {
        co_await hg::workflow::wait_condition([this] { return !by_.empty(); }, {.timeout = 24h});
        co_return co_await hg::workflow::execute_activity<&charge>(
            {.start_to_close_timeout = 30s}, order
        );
    }
    void approve(std::string by) { by_ = std::move(by); }  // a signal
    std::string approver() const { return by_; }           // a query

private:
    std::string by_;
};
HOURGLASS_WORKFLOW(Checkout, run, signals(approve), queries(approver));
HOURGLASS_ACTIVITY(charge);

int main() {  // the supervision tree, a worker in it, and a client
    hg::Application app{hg::ApplicationOptions::from_environment()};
    auto order = app.client().start<&Checkout::run>({.id = "order-7"}, Order{"7", 1999});
    order.signal<&Checkout::approve>("ada");
    std::cout << order.result() << "\n";  // receipt-7
}
// [readme]
