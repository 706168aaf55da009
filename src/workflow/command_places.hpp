#pragma once

#include "hourglass/workflow/detail/scheduler.hpp"

#include <cstddef>
#include <source_location>
#include <string>
#include <unordered_map>
#include <vector>

namespace hourglass::workflow {

/// A line of the workflow's code; line 0: of none.
using CommandPlace = std::source_location;

/// "shop::Checkout::run (shop/checkout.cpp:41)"; empty for line 0.
[[nodiscard]] std::string text_of(const CommandPlace& place);

/// Where in the workflow's code each command of an activation was made, for whoever has to find it:
/// the line of the await at which the coroutine came to a stop then. `co_await
/// execute_activity(...)` is one line; of several commands that are made before one await, it is
/// the await's, and of those after a coroutine's last await that one's.
class CommandPlaces final : public detail::StopObserver {
public:
    /// The next activation begins.
    void clear() {
        places_.clear();
        placed_ = 0;
    }
    /// There are `count` commands now.
    void made(std::size_t count) { places_.resize(count); }
    /// The same, and no coroutine made the new ones.
    void made_by_nobody(std::size_t count) {
        places_.resize(count);
        placed_ = count;
    }
    /// All that were made since the last time come from this coroutine.
    void stopped(const detail::Frame& innermost) noexcept override;

    /// By the command's index; of line 0 if no code of the user's made it. Those at the end may be
    /// missing.
    [[nodiscard]] const std::vector<CommandPlace>& all() const noexcept { return places_; }

private:
    /// Whether it is Hourglass's own code.
    bool is_internal(const CommandPlace& place);

    std::vector<CommandPlace> places_;
    std::size_t placed_ = 0;
    /// By the function's name, of which there is usually one in memory for each function: reading
    /// it takes longer than all the rest.
    std::unordered_map<const char*, bool> internal_;
};

}  // namespace hourglass::workflow
