// A worker with a status page, for the browser test: tells the page's address, and kills the nodes
// whose ids it reads from its standard input.
#include <hourglass/hourglass.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

int main() {
    namespace hg = hourglass;
    try {
        auto options = hg::ApplicationOptions::from_environment();
        options.status_page.enabled = true;
        hg::Application app{options};
        for (const char* queue : {"orders", "<img src=x onerror=\"document.title='caught'\">"}) {
            hg::WorkerOptions worker;
            worker.task_queue = queue;
            worker.restart = hg::WorkerRestart::Permanent;
            app.start_worker(worker);
        }
        std::cout << app.status_page_address() << std::endl;
        for (std::string id; std::getline(std::cin, id);) {
            std::cout << (app.kill(id) ? "killed" : "not found") << std::endl;
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
