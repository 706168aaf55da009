#include "tally.hpp"

#include <algorithm>

namespace chaos {
namespace {

std::string in_ms(std::chrono::nanoseconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

}  // namespace

std::chrono::milliseconds Tally::median() const {
    auto sorted = heal_times_;
    std::ranges::sort(sorted);
    return std::chrono::duration_cast<std::chrono::milliseconds>(sorted.at(sorted.size() / 2));
}

std::string Tally::text() const {
    const auto [least, most] = std::ranges::minmax(heal_times_);
    return std::to_string(kills_) + " kills in " + std::to_string(cells_) + " cells; " +
           std::to_string(finished_) + " workflows finished; polling again after " + in_ms(least) +
           " / " + in_ms(median()) + " / " + in_ms(most) + " ms (minimum, median, maximum)";
}

Tally& tally() {
    static Tally instance;
    return instance;
}

}  // namespace chaos
