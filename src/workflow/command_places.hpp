#pragma once

#include "hourglass/workflow/detail/scheduler.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hourglass::workflow {

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
    void stopped(const detail::Frame& frame) noexcept override;

    /// "shop::Checkout::run (shop/checkout.cpp:41)", by the command's index; empty if no code of
    /// the user's made it, and for those at the end that are not there.
    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return places_; }

private:
    std::vector<std::string> places_;
    std::size_t placed_ = 0;
};

}  // namespace hourglass::workflow
