#pragma once

// Definitions in a header that several test files include.

#include "hourglass/activity/activity.hpp"

#include <string>

namespace shop {

struct Orders {
    int price = 100;

    std::string charge(const std::string& order, int count) const {
        return order + ":" + std::to_string(price * count);
    }
    hourglass::activity::Task<int> refund(int cents) { co_return -cents; }
};

inline std::string fetch(std::string url) {
    return "<" + url + ">";
}

}  // namespace shop

HOURGLASS_ACTIVITY(shop::Orders::charge);
HOURGLASS_ACTIVITY(shop::Orders::refund);
HOURGLASS_ACTIVITY(shop::fetch, "fetch-page");
