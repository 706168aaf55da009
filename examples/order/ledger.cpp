#include "ledger.hpp"

#include <hourglass/hourglass.hpp>

#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <utility>

namespace order {
namespace hg = hourglass;
using namespace std::chrono_literals;

Ledger::Ledger(std::filesystem::path file) : file_{std::move(file)} {}

void Ledger::record(const std::string& effect) const {
    // One write of one short line in append mode: lines of several threads do not mix.
    std::ofstream{file_, std::ios::app} << effect + "\n" << std::flush;
    std::cout << "effect: " + effect + "\n" << std::flush;
}

std::string Ledger::reserve_stock(Order order) {
    record("reserve " + order.id);
    return "reservation-" + order.id;
}

std::string Ledger::charge_card(Order order) {
    const auto attempt = hg::activity::info().attempt;
    if (attempt < 3) {
        throw hg::ApplicationError{
            "the bank did not answer (attempt " + std::to_string(attempt) + ")",
            {.type = "BankUnavailable"}
        };
    }
    record("charge " + order.id);
    return "payment-" + order.id;
}

std::string Ledger::pack_item(std::string order_id, std::string item) {
    record("pack " + order_id + " " + item);
    // Long enough to be in flight when the demo kills the BridgeHolder.
    for (int second = 0; second < 4; ++second) {
        hg::activity::heartbeat(item, second);
        hg::activity::sleep(1s);
    }
    return item;
}

std::string Ledger::ship(Order order, std::string address) {
    record("ship " + order.id + " to " + address);
    return "tracking-" + order.id;
}

void Ledger::release_stock(std::string order_id) {
    record("release " + order_id);
}

void Ledger::refund_card(std::string order_id) {
    record("refund " + order_id);
}

}  // namespace order
