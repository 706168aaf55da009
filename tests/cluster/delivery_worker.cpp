// A worker process of the cluster's test: QUEUE BOOK. It says "polls" once it does, and on SIGTERM
// ends with 0, or with 4 if a node of its tree was restarted meanwhile.
#include "deliveries.hpp"
#include "tests/support/process_view.hpp"

#include <chrono>
#include <exception>
#include <iostream>
#include <signal.h>
#include <string>

namespace {

using namespace std::chrono_literals;
namespace hg = hourglass;

int work(const std::string& queue, const sigset_t& stop) {
    auto options = hg::ApplicationOptions::from_environment();
    options.default_worker.task_queue = queue;
    options.default_worker.graceful_shutdown_timeout = 5s;
    options.threads = 8;
    hg::Application app{options};
    if (!app.wait_until_polling(queue, 60s)) {
        std::cerr << "does not poll after a minute\n" << app.tree_text() << std::endl;
        return 3;
    }
    const auto nodes = hg::test::lasting_nodes(app);
    std::cout << "polls" << std::endl;
    int signal = 0;
    sigwait(&stop, &signal);
    if (hg::test::lasting_nodes(app) != nodes) {
        std::cerr << "its tree is not what it was\n" << app.tree_text() << std::endl;
        return 4;
    }
    app.stop();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr);  // for all threads to come
    if (argc != 3) {
        std::cerr << "usage: delivery_worker QUEUE BOOK" << std::endl;
        return 2;
    }
    try {
        cluster::keep_book(argv[2]);
        return work(argv[1], stop);
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 70;
    }
}
