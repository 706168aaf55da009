// A worker with a status page, for the browser test: tells the page's address, and then does what
// it reads from its standard input, "kill NODE" or "stop TASK_QUEUE".
#include <hourglass/hourglass.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <string>

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;

constexpr auto kOrders = "orders";
constexpr int kInHand = 3;

void pack(int) {  // until the program ends
    while (!hg::activity::is_cancelled()) {
        hg::activity::wait_for_cancellation(50ms);
    }
}

class Order {
public:
    hg::Task<void> run(int number) {
        co_await hg::workflow::execute_activity<&pack>({.start_to_close_timeout = 1h}, number);
    }
};

void start(hg::Application& app) {
    for (const auto* queue : {kOrders, "<img src=x onerror=\"document.title='caught'\">"}) {
        hg::WorkerOptions worker;
        worker.task_queue = queue;
        worker.restart = hg::WorkerRestart::Permanent;
        app.start_worker(worker);
    }
}

std::string obey(hg::Application& app, const std::string& line) {
    const std::string what = line.substr(line.find(' ') + 1);
    if (line.starts_with("kill ")) {
        return app.kill(what) ? "killed" : "not found";
    }
    app.stop_worker(what);
    return "stopped";
}

}  // namespace

HOURGLASS_WORKFLOW(Order, run);
HOURGLASS_ACTIVITY(pack);

int main() {
    try {
        auto options = hg::ApplicationOptions::from_environment();
        // [page]
        options.status_page.enabled = true;
        hg::Application app{options};
        // [page]
        start(app);
        for (int i = 1; i <= kInHand; ++i) {
            const std::string id = "order-" + std::to_string(i);
            app.client().start<&Order::run>({.id = id, .task_queue = kOrders}, i);
        }
        std::cout << app.status_page_address() << std::endl;
        for (std::string line; std::getline(std::cin, line);) {
            std::cout << obey(app, line) << std::endl;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
