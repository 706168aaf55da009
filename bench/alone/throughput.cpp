// As fast as it goes: each answer brings the run's next task.

#include "bench/jobs/usage.hpp"
#include "jobs.hpp"
#include "traffic.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <thread>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kActivities = 1000;  // of a run

/// What Core's threads have used.
double core_cpu_seconds() {
    constexpr std::size_t kUser = 14;
    constexpr std::size_t kSystem = 15;
    std::int64_t ticks = 0;
    for (const auto& thread : std::filesystem::directory_iterator{"/proc/self/task"}) {
        const Stat stat = read_stat(thread.path() / "stat");
        if (stat.name.starts_with("hourglass-core")) {
            ticks += stat.field(kUser) + stat.field(kSystem);
        }
    }
    return seconds_of_ticks(ticks);
}

}  // namespace

nlohmann::json throughput(std::int64_t seconds, std::int64_t parallel) {
    InProcessWorker worker;
    std::atomic<std::int64_t> done{0};
    std::atomic<bool> over{false};
    Traffic traffic{
        worker,
        static_cast<std::size_t>(parallel),
        kActivities,
        [&](Traffic& its, std::size_t place, std::chrono::nanoseconds) {
            ++done;
            if (!over) {
                its.next(place);
            }
        }
    };
    for (std::size_t place = 0; place < traffic.places(); ++place) {
        traffic.next(place);
    }
    std::this_thread::sleep_for(1s);  // until everything is warm
    const Usage before = usage_now();
    const double core_before = core_cpu_seconds();
    const std::int64_t done_before = done;
    std::this_thread::sleep_for(std::chrono::seconds{seconds});
    const auto tasks = static_cast<double>(done - done_before);
    nlohmann::json line = spent_since(before);
    const double core = core_cpu_seconds() - core_before;
    over = true;
    line["tasks_per_s"] = tasks / line["wall_s"].get<double>();
    line["cpu_us_per_task"] = 1e6 * line["cpu_s"].get<double>() / tasks;
    line["core_cpu_us_per_task"] = 1e6 * core / tasks;
    return line;
}

}  // namespace bench
