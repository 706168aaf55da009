#pragma once

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace order {

struct Order {
    std::string id;
    std::string customer;
    std::string address;
    std::vector<std::string> items;
    int cents = 0;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Order, id, customer, address, items, cents)

struct Receipt {
    std::string order_id;
    std::string payment_id;
    std::string tracking_number;
    std::string address;
};
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Receipt, order_id, payment_id, tracking_number, address)

}  // namespace order
