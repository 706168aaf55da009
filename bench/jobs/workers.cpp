#include "workers.hpp"

#include "application.hpp"
#include "usage.hpp"

#include <chrono>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace bench {
namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;

constexpr auto kQuiet = 3s;  // a poll is answered after a minute at the earliest

void wait_until_polling(const hg::Application& app, const std::string& queue) {
    if (!app.wait_until_polling(queue, 60s)) {
        throw std::runtime_error{"no worker polls '" + queue + "'"};
    }
}

std::int64_t threads() {
    const std::filesystem::directory_iterator tasks{"/proc/self/task"};
    return std::distance(begin(tasks), end(tasks));
}

}  // namespace

nlohmann::json workers(std::int64_t count) {
    const std::string first = fresh_queue();
    const auto options = options_for(first);
    hg::Application app{options};
    warm_up(app, first);
    const Usage before = usage_now();
    std::vector<std::string> queues{first};
    for (std::int64_t number = 1; number < count; ++number) {
        auto worker = options.default_worker;
        worker.task_queue = queues.emplace_back(first + "-" + std::to_string(number));
        app.start_worker(worker);
    }
    for (const auto& queue : queues) {
        wait_until_polling(app, queue);
    }
    const Usage ready = usage_now();
    std::this_thread::sleep_for(kQuiet);  // the polls are with the server by then
    const Usage begin = usage_now();
    std::this_thread::sleep_for(kQuiet);
    nlohmann::json line = spent_since(before);
    const Usage end = usage_now();
    line["workers"] = count;
    line["ready_s"] = std::chrono::duration<double>{ready.at - before.at}.count();
    line["bytes_per_worker"] = count > 1 ? (end.resident - before.resident) / (count - 1) : 0;
    line["threads"] = threads();
    line["idle_cpu_per_s"] = (end.cpu_seconds - begin.cpu_seconds) /
                             std::chrono::duration<double>{end.at - begin.at}.count();
    for (const auto& queue : {queues.front(), queues.back()}) {
        warm_up(app, queue);
    }
    return line;
}

}  // namespace bench
