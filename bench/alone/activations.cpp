// Whether memory stays where it is, however much work goes by.

#include "bench/jobs/usage.hpp"
#include "jobs.hpp"
#include "traffic.hpp"

#include <algorithm>

namespace bench {
namespace {

constexpr std::size_t kPlaces = 64;
constexpr std::int64_t kActivities = 100;  // of a run; then it leaves the cache, and another begins
constexpr std::int64_t kSamples = 10;

struct Sample {
    std::int64_t activations;
    std::int64_t resident;
};

/// Of the line through the samples that leaves the least squares.
double slope(const std::vector<Sample>& samples) {
    double x_mean = 0;
    double y_mean = 0;
    const auto count = static_cast<double>(samples.size());
    for (const Sample& sample : samples) {
        x_mean += static_cast<double>(sample.activations) / count;
        y_mean += static_cast<double>(sample.resident) / count;
    }
    double covariance = 0;
    double variance = 0;
    for (const Sample& sample : samples) {
        const double x = static_cast<double>(sample.activations) - x_mean;
        covariance += x * (static_cast<double>(sample.resident) - y_mean);
        variance += x * x;
    }
    return covariance / variance;
}

}  // namespace

nlohmann::json activations(std::int64_t count) {
    InProcessWorker worker;
    std::mutex mutex;
    std::condition_variable changed;
    std::int64_t done = 0;
    std::int64_t wanted = 0;
    const Usage begin = usage_now();
    std::vector<Sample> samples{{0, begin.resident}};
    Traffic traffic{
        worker,
        kPlaces,
        kActivities,
        [&](Traffic& its, std::size_t place, std::chrono::nanoseconds) {
            {
                const std::lock_guard lock{mutex};
                if (++done >= count) {
                    changed.notify_one();
                    return;
                }
                if (done == wanted) {
                    changed.notify_one();
                }
            }
            its.next(place);
        }
    };
    for (std::size_t place = 0; place < traffic.places(); ++place) {
        traffic.next(place);
    }
    for (std::int64_t sample = 1; sample <= kSamples; ++sample) {
        std::unique_lock lock{mutex};
        wanted = count * sample / kSamples;
        if (!changed.wait_for(lock, std::chrono::minutes{30}, [&] { return done >= wanted; })) {
            give_up("the worker does not answer its workflow tasks");
        }
        const std::int64_t now = done;
        lock.unlock();
        samples.push_back({now, usage_now().resident});
    }
    nlohmann::json line = spent_since(begin);
    for (const Sample& sample : samples) {
        line["samples"].push_back({sample.activations, sample.resident});
    }
    // Without the first two: what is allocated once is there by then.
    const std::vector<Sample> warm{samples.begin() + 2, samples.end()};
    line["bytes_per_activation"] = slope(warm);
    return line;
}

}  // namespace bench
