#pragma once

#include "order.hpp"

#include <filesystem>
#include <string>

namespace order {

/// The outside world of the demo: every effect that an activity has is one line in a file, so that
/// it can be counted afterwards, whatever crashed in between.
class Ledger {
public:
    explicit Ledger(std::filesystem::path file);

    // Activities: ordinary code, may block, may throw.
    std::string reserve_stock(Order order);
    std::string charge_card(Order order);
    std::string pack_item(std::string order_id, std::string item);
    std::string ship(Order order, std::string address);
    void release_stock(std::string order_id);
    void refund_card(std::string order_id);

private:
    void record(const std::string& effect) const;

    std::filesystem::path file_;
};

}  // namespace order
