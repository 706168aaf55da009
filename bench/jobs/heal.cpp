#include "heal.hpp"

#include "application.hpp"
#include "flows.hpp"
#include "usage.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>

namespace bench {
namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>{Clock::now() - begin}.count();
}

hg::supervision::ChildReport part(const hg::Application& app, const std::string& id) {
    const auto parts = app.which_children();
    const auto found = std::ranges::find(parts, id, &hg::supervision::ChildReport::id);
    if (found == parts.end()) {
        throw std::runtime_error{"the tree has no part '" + id + "'"};
    }
    return *found;
}

/// Until the part runs again and the worker polls.
void wait_until_whole(
    const hg::Application& app,
    const std::string& queue,
    const std::string& id,
    const hg::supervision::Pid& killed
) {
    const auto deadline = Clock::now() + 60s;
    while (Clock::now() < deadline) {
        const auto now = part(app, id);
        if (now.pid && now.pid != killed && now.state == hg::supervision::ChildState::Running &&
            app.wait_until_polling(queue, 1s)) {
            return;
        }
        std::this_thread::sleep_for(200us);  // fine enough for what takes milliseconds
    }
    throw std::runtime_error{"the worker does not poll again after '" + id + "' was killed"};
}

}  // namespace

nlohmann::json heal(std::int64_t rounds) {
    const std::string queue = fresh_queue();
    auto options = options_for(queue);
    options.max_restarts = std::numeric_limits<int>::max();  // here a crash a second is no bug
    hg::Application app{options};
    warm_up(app, queue);
    const Usage before = usage_now();
    nlohmann::json healed;
    for (std::int64_t round = 0; round < rounds; ++round) {
        for (const auto& child : app.which_children()) {
            const auto killed = part(app, child.id).pid;
            const auto begin = Clock::now();
            if (!app.kill(child.id)) {
                throw std::runtime_error{"'" + child.id + "' is not there to be killed"};
            }
            wait_until_whole(app, queue, child.id, killed);
            healed[child.id]["polls_s"].push_back(seconds_since(begin));
            const auto sum = app.client().execute<&Sequential::run>(
                {.id = queue + "-" + std::to_string(round) + child.id, .task_queue = queue}, 1
            );
            if (sum != 0) {
                throw std::runtime_error{"a workflow's result is wrong"};
            }
            healed[child.id]["workflow_s"].push_back(seconds_since(begin));
        }
    }
    nlohmann::json line = spent_since(before);
    line["parts"] = healed;
    return line;
}

}  // namespace bench
