// The worker process of the demo. SIGUSR1 kills the BridgeHolder, to show that the tree heals
// itself.
#include "order_workflow.hpp"
#include <hourglass/hourglass.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <signal.h>
#include <string>
#include <thread>

namespace {

namespace hg = hourglass;

sigset_t only(int signal) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    return set;
}

void print_tree(const hg::Application& app, const std::string& title) {
    std::cout << "-- supervision tree " + title + "\n" + app.tree_text() << std::flush;
}

/// Waits for SIGUSR1 in a thread of its own; SIGUSR1 with `stop` set ends it.
void break_on_signal(hg::Application& app, const std::stop_token& stop) {
    const sigset_t set = only(SIGUSR1);
    int signal = 0;
    while (sigwait(&set, &signal) == 0 && !stop.stop_requested()) {
        try {
            print_tree(app, "before the crash");
            std::cout << "-- killing BridgeHolder\n" << std::flush;
            app.kill("BridgeHolder");
            const bool healed = app.wait_until_polling("default", std::chrono::seconds{20});
            print_tree(
                app,
                healed ? "after the crash: the worker polls again" : "after the crash: NOT HEALED"
            );
        } catch (const hg::Error& error) {  // the tree is ending
            std::cerr << error.what() << "\n";
        }
    }
}

/// Runs `break_on_signal` while it lives, however `main` is left.
class Breaker {
public:
    explicit Breaker(hg::Application& app)
        : thread_{[&app](const std::stop_token& stop) { break_on_signal(app, stop); }} {}
    Breaker(const Breaker&) = delete;
    Breaker& operator=(const Breaker&) = delete;
    ~Breaker() {
        thread_.request_stop();
        pthread_kill(thread_.native_handle(), SIGUSR1);
    }

private:
    std::jthread thread_;
};

}  // namespace

int main() {
    try {
        // Before any thread exists: all of them inherit the mask, so that only sigwait sees the
        // signal.
        const sigset_t set = only(SIGUSR1);
        pthread_sigmask(SIG_BLOCK, &set, nullptr);

        const char* ledger = std::getenv("ORDER_LEDGER");
        auto options = hg::ApplicationOptions::from_environment();
        options.default_worker.objects.add(
            std::make_shared<order::Ledger>(ledger != nullptr ? ledger : "ledger.txt")
        );
        options.default_worker.graceful_shutdown_timeout = std::chrono::seconds{5};
        hg::Application app{options};
        const Breaker breaker{app};
        std::cout << "worker is ready\n" << std::flush;
        app.run();  // until SIGINT or SIGTERM
        std::cout << "worker has stopped\n" << std::flush;
        return 0;
    } catch (const hg::ConfigurationError& error) {
        std::cerr << error.what() << "\n";
        return 78;  // EX_CONFIG: starting it again changes nothing
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 70;  // EX_SOFTWARE
    }
}
