// The C++ worker of the interoperability test: its workflows are run by a client with another SDK,
// and what those workflows and the other SDK's call of each other is in the other files here.
#include "cpp_side.hpp"

#include <exception>
#include <iostream>

int main() {
    try {
        auto options = hourglass::ApplicationOptions::from_environment();
        options.client = interop::client_options();
        options.default_worker.task_queue = interop::kCppQueue;
        options.default_worker.nexus_services = interop::nexus_services();
        hourglass::Application app{options};
        app.run();
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 70;
    }
}
