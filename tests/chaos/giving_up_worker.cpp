// A worker as a service manager runs it: SIGUSR1 breaks its tree until it gives up, and then the
// program ends with 70.
#include "flows.hpp"
#include "hourglass/hourglass.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <signal.h>
#include <string>
#include <thread>

namespace {

using namespace std::chrono_literals;
namespace hg = hourglass;

/// Waits for SIGUSR1, then kills the Runtime wherever it is, until nothing restarts it.
void break_on_signal(hg::Application& app, const std::stop_token& stop) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    const timespec now_and_then{.tv_sec = 0, .tv_nsec = 20'000'000};
    while (!stop.stop_requested() && sigtimedwait(&set, nullptr, &now_and_then) != SIGUSR1) {
    }
    try {
        while (!stop.stop_requested()) {
            app.kill("Runtime");
            std::this_thread::sleep_for(20ms);
        }
    } catch (const hg::Error& error) {  // the tree is gone
        std::cerr << error.what() << "\n";
    }
}

}  // namespace

int main(int argc, char** argv) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);  // for all threads to come
    try {
        auto options = hg::ApplicationOptions::from_environment();
        options.default_worker.task_queue = argc > 1 ? argv[1] : "default";
        options.default_worker.graceful_shutdown_timeout = 2s;
        hg::Application app{options};
        const std::jthread breaker{[&app](const std::stop_token& stop) {
            break_on_signal(app, stop);
        }};
        app.run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 70;
    }
}
