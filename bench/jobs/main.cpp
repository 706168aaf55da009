/// Runs one job and prints what it cost as one line of JSON. The peers' programs take the same
/// arguments.
///
///     replay FILE TIMES                                a recorded history (a serialized History)
///     run Sequential|FanOut WORKFLOWS ACTIVITIES PARALLEL
///     cache WORKFLOWS                                  open workflows that all stay in memory
///     first                                            one workflow, from the start of the process
///     polls                                            until the worker polls, from there, too
///     heal ROUNDS                                      after a part of the tree was killed
///     workers COUNT                                    in one process, each on its own queue
///     record WORKFLOW_ID FILE                          no job: writes FILE.json and FILE.pb
///
/// The peers have no `polls`, `heal` and `workers`. All but `replay` use the server at
/// TEMPORAL_ADDRESS, or localhost:7233.

#include "application.hpp"
#include "flows.hpp"
#include "heal.hpp"
#include "program.hpp"
#include "usage.hpp"
#include "workers.hpp"
#include <hourglass/testing/replayer.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <vector>

namespace bench {
namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;
using nlohmann::json;

constexpr std::string_view kUsage =
    "usage: replay FILE TIMES | run Sequential|FanOut WORKFLOWS ACTIVITIES PARALLEL | cache "
    "WORKFLOWS | first | polls | heal ROUNDS | workers COUNT | record WORKFLOW_ID FILE";

hg::WorkflowHistory read_history(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        throw std::invalid_argument{"cannot read '" + path + "'"};
    }
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    return hg::WorkflowHistory{"bench", std::move(bytes)};
}

json replay(const std::string& path, std::int64_t times) {
    const auto history = read_history(path);
    hg::testing::Replayer replayer;
    const auto once = [&] {
        const auto result = replayer.replay(history);
        if (!result.ok()) {
            std::cerr << result << "\n";
            throw std::runtime_error{"the history does not replay"};
        }
    };
    once();
    const Usage before = usage_now();
    for (std::int64_t run = 0; run < times; ++run) {
        once();
    }
    json line = spent_since(before);
    line["runs"] = times;
    return line;
}

/// Runs `count` workflows, `parallel` of them at a time; the sums of their results are checked.
template <auto Run>
json run(std::int64_t count, std::int64_t activities, std::int64_t parallel) {
    const std::string queue = fresh_queue();
    const hg::Application app{options_for(queue)};
    warm_up(app, queue);
    const Usage before = usage_now();
    std::deque<hg::Future<std::int64_t>> running;
    const auto finish_one = [&] {
        if (running.front().get() != activities * (activities - 1) / 2) {
            throw std::runtime_error{"a workflow's result is wrong"};
        }
        running.pop_front();
    };
    for (std::int64_t index = 0; index < count; ++index) {
        if (static_cast<std::int64_t>(running.size()) == parallel) {
            finish_one();
        }
        running.push_back(app.client().execute_async<Run>(
            {.id = queue + "-" + std::to_string(index), .task_queue = queue}, activities
        ));
    }
    while (!running.empty()) {
        finish_one();
    }
    json line = spent_since(before);
    line["workflows"] = count;
    line["activities"] = activities;
    line["last_workflow_id"] = queue + "-" + std::to_string(count - 1);
    return line;
}

json cache(std::int64_t count) {
    const std::string queue = fresh_queue();
    auto options = options_for(queue);
    options.default_worker.max_cached_workflows = static_cast<std::uint32_t>(count + 10);
    const hg::Application app{options};
    warm_up(app, queue);
    const Usage before = usage_now();
    constexpr std::size_t kAtATime = 32;
    std::deque<hg::Future<hg::WorkflowHandle<&Waiter::run>>> starting;
    for (std::int64_t index = 0; index < count; ++index) {
        if (starting.size() == kAtATime) {
            starting.front().get();
            starting.pop_front();
        }
        starting.push_back(app.client().start_async<&Waiter::run>(
            {.id = queue + "-" + std::to_string(index), .task_queue = queue}
        ));
    }
    for (auto& one : starting) {
        one.get();
    }
    std::this_thread::sleep_for(5s);  // as the peers do: until the last ones are cached
    json line = spent_since(before);
    line["workflows"] = count;
    line["bytes_per_workflow"] = (line["resident"].get<std::int64_t>() - before.resident) / count;
    return line;
}

/// One workflow with one activity; wall time counts from the start of the process.
json first() {
    const std::string queue = fresh_queue();
    const hg::Application app{options_for(queue)};
    const auto sum = app.client().execute<&Sequential::run>({.id = queue, .task_queue = queue}, 1);
    if (sum != 0) {
        throw std::runtime_error{"the workflow's result is wrong"};
    }
    return spent_since(usage_at_start());
}

/// Until the worker is registered with the server, and so polls.
json polls() {
    const std::string queue = fresh_queue();
    const hg::Application app{options_for(queue)};
    if (!app.wait_until_polling(queue, 60s)) {
        throw std::runtime_error{"the worker does not poll"};
    }
    return spent_since(usage_at_start());
}

/// Writes a workflow's history as every SDK's job `replay` reads it.
json record(const std::string& workflow_id, const std::string& path) {
    const auto client = hg::Client::connect(hg::ClientOptions::from_environment());
    const auto history = client.handle(workflow_id).history();
    std::ofstream{path + ".json"} << history.to_json();
    std::ofstream{path + ".pb", std::ios::binary} << history.serialized();
    return {{"events", history.size()}};
}

json run_job(const std::vector<std::string>& arguments) {
    const auto& job = arguments.at(0);
    if (job == "replay") {
        return replay(arguments.at(1), number(arguments.at(2)));
    }
    if (job == "run") {
        const auto workflows = number(arguments.at(2));
        const auto activities = number(arguments.at(3), 0);
        const auto parallel = number(arguments.at(4));
        if (arguments.at(1) == "Sequential") {
            return run<&Sequential::run>(workflows, activities, parallel);
        }
        if (arguments.at(1) == "FanOut") {
            return run<&FanOut::run>(workflows, activities, parallel);
        }
    }
    if (job == "cache") {
        return cache(number(arguments.at(1)));
    }
    if (job == "first") {
        return first();
    }
    if (job == "polls") {
        return polls();
    }
    if (job == "heal") {
        return heal(number(arguments.at(1)));
    }
    if (job == "workers") {
        return workers(number(arguments.at(1)));
    }
    if (job == "record") {
        return record(arguments.at(1), arguments.at(2));
    }
    throw std::out_of_range{job};
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
    return bench::run_program(argc, argv, bench::kUsage, bench::run_job);
}
