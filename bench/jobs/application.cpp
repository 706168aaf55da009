#include "application.hpp"

#include "flows.hpp"

#include <chrono>
#include <stdexcept>

namespace bench {

namespace hg = hourglass;

hg::ApplicationOptions options_for(const std::string& queue) {
    auto options = hg::ApplicationOptions::from_environment();
    options.default_worker.task_queue = queue;
    return options;
}

std::string fresh_queue() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return "bench-cpp-" +
           std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

void warm_up(const hg::Application& app, const std::string& queue) {
    const auto sum =
        app.client().execute<&Sequential::run>({.id = queue + "-first", .task_queue = queue}, 1);
    if (sum != 0) {
        throw std::runtime_error{"a workflow's result is wrong"};
    }
}

}  // namespace bench
