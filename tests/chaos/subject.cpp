#include "subject.hpp"

#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace chaos {
namespace {

using hg::test::entries;

/// The established connections to the server that belong to this process.
long connections_to_server() {
    const std::string address = hg::test::server_address();
    std::string port(8, '\0');
    const int number = std::stoi(address.substr(address.rfind(':') + 1));
    port.resize(static_cast<std::size_t>(std::snprintf(port.data(), port.size(), ":%04X", number)));
    std::vector<std::string> mine;
    for (const auto& file : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;  // a file may be closed meanwhile
        const auto target = std::filesystem::read_symlink(file.path(), gone).string();
        if (target.starts_with("socket:[")) {
            mine.push_back(target.substr(8, target.size() - 9));
        }
    }
    long count = 0;
    std::ifstream table{"/proc/self/net/tcp"};
    std::string line;
    while (std::getline(table, line)) {
        std::istringstream fields{line};
        std::vector<std::string> field{
            std::istream_iterator<std::string>{fields}, std::istream_iterator<std::string>{}
        };
        // sl local remote state ... inode is the tenth; state 01 is established
        if (field.size() > 9 && field[2].ends_with(port) && field[3] == "01" &&
            std::ranges::find(mine, field[9]) != mine.end()) {
            ++count;
        }
    }
    return count;
}

}  // namespace

hg::ApplicationOptions subject_options(const std::string& queue) {
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.default_worker.task_queue = queue;
    options.max_restarts = 1'000'000;  // the test is the fault, not the tree
    options.threads = 6;               // gated workflow code blocks one
    return options;
}

Subject::Subject(hg::ApplicationOptions options)
    : queue_{options.default_worker.task_queue}, app_{std::move(options)}, client_{app_.client()} {}

std::vector<Pid> Subject::pids(const std::string& id) const {
    return hg::test::pids_of(app_, id);
}

std::map<std::string, std::size_t> Subject::restarts() const {
    std::map<std::string, std::size_t> counts;
    for (const auto& child : app_.which_children()) {
        counts[child.id] = child.restarts;
    }
    return counts;
}

bool Subject::polls(std::chrono::milliseconds timeout) const {
    return app_.wait_until_polling(queue_, timeout);
}

OrderHandle Subject::start_order(const std::string& id) const {
    auto order = client_.start<&Order::run>({.id = id, .task_queue = queue_}, id);
    order.signal<&Order::add>(1);
    order.signal<&Order::add>(10);
    return order;
}

Resources Resources::now() {
    return {
        .threads = entries("/proc/self/task"),
        .files = entries("/proc/self/fd"),
        .connections = connections_to_server()
    };
}

void HealTimes::add(std::chrono::nanoseconds time) {
    times_.push_back(time);
}

std::chrono::milliseconds HealTimes::median() const {
    auto sorted = times_;
    std::ranges::sort(sorted);
    return std::chrono::duration_cast<std::chrono::milliseconds>(sorted.at(sorted.size() / 2));
}

std::string HealTimes::text() const {
    auto sorted = times_;
    std::ranges::sort(sorted);
    const auto ms = [](std::chrono::nanoseconds time) {
        return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
    };
    return std::to_string(sorted.size()) + " kills; polling again after " + ms(sorted.front()) +
           " / " + ms(sorted.at(sorted.size() / 2)) + " / " + ms(sorted.back()) +
           " ms (minimum, median, maximum)";
}

HealTimes& heal_times() {
    static HealTimes times;
    return times;
}

int rounds() {
    const char* text = std::getenv("HOURGLASS_CHAOS_ROUNDS");
    return text != nullptr ? std::stoi(text) : 1;
}

}  // namespace chaos
