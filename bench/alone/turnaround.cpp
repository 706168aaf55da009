// At a steady pace, as work comes in, not as fast as it goes.

#include "bench/jobs/usage.hpp"
#include "jobs.hpp"
#include "traffic.hpp"

#include <algorithm>
#include <deque>
#include <thread>

namespace bench {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kPlaces = 100;
constexpr std::int64_t kActivities = 1000;  // of a run
constexpr std::int64_t kWarmUpSeconds = 2;

/// Which runs wait for their next task, and how long the tasks so far took.
class Board {
public:
    explicit Board(std::size_t places) {
        for (std::size_t place = 0; place < places; ++place) {
            idle_.push_back(place);
        }
    }

    void answered(std::size_t place, std::chrono::nanoseconds turnaround) {
        const std::lock_guard lock{mutex_};
        idle_.push_back(place);
        took_.push_back(std::chrono::duration<double, std::micro>{turnaround}.count());
        changed_.notify_one();
    }

    /// The one that has waited longest.
    std::size_t take() {
        std::unique_lock lock{mutex_};
        if (!changed_.wait_for(lock, 60s, [this] { return !idle_.empty(); })) {
            give_up("the worker does not answer its workflow tasks");
        }
        const std::size_t place = idle_.front();
        idle_.pop_front();
        return place;
    }

    /// In microseconds; from now on they are counted anew.
    std::vector<double> take_times() {
        const std::lock_guard lock{mutex_};
        return std::exchange(took_, {});
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::size_t> idle_;
    std::vector<double> took_;
};

double percentile(const std::vector<double>& sorted, double share) {
    const auto last = static_cast<double>(sorted.size() - 1);
    return sorted.at(static_cast<std::size_t>(share * last));
}

}  // namespace

nlohmann::json turnaround(std::int64_t per_second, std::int64_t seconds) {
    InProcessWorker worker;
    Board board{kPlaces};
    Usage before;
    std::int64_t behind = 0;
    {
        Traffic traffic{
            worker,
            kPlaces,
            kActivities,
            [&](Traffic&, std::size_t place, auto turnaround) { board.answered(place, turnaround); }
        };
        const Clock::duration step = std::chrono::nanoseconds{1s} / per_second;
        const auto begin = Clock::now();
        const std::int64_t warm_up = per_second * kWarmUpSeconds;
        for (std::int64_t task = 0; task < warm_up + per_second * seconds; ++task) {
            std::this_thread::sleep_until(begin + task * step);
            const std::size_t place = board.take();
            if (task == warm_up) {
                static_cast<void>(board.take_times());
                before = usage_now();
                behind = 0;
            }
            behind += Clock::now() > begin + (task + 1) * step ? 1 : 0;
            traffic.next(place);
        }
    }
    nlohmann::json line = spent_since(before);
    auto took = board.take_times();
    std::sort(took.begin(), took.end());
    line["tasks"] = took.size();
    line["behind"] = behind;  // handed out later than the next one should have been
    line["p50_us"] = percentile(took, 0.5);
    line["p99_us"] = percentile(took, 0.99);
    line["max_us"] = took.back();
    return line;
}

}  // namespace bench
