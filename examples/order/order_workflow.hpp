#pragma once

#include "ledger.hpp"
#include "order.hpp"
#include <hourglass/hourglass.hpp>

#include <string>

namespace order {
namespace hg = hourglass;

/// Takes an order from reservation to shipping; undoes what it did when it is cancelled.
class OrderWorkflow {
public:
    hg::Task<Receipt> run(Order order);

    void approve(std::string by);                     // a signal
    std::string progress() const;                     // a query
    std::string change_address(std::string address);  // an update: answers the address it replaces
    void check_address(std::string address) const;    // its validator

private:
    hg::Task<Receipt> fulfil();
    hg::Task<void> compensate();

    Order order_;
    std::string progress_ = "received";
    std::string approved_by_;
    bool shipped_ = false;
    bool reserved_ = false;
    bool charged_ = false;
};

}  // namespace order

HOURGLASS_WORKFLOW(
    order::OrderWorkflow,
    run,
    signals(approve),
    queries(progress),
    updates(validated(change_address, check_address))
);
HOURGLASS_ACTIVITY(order::Ledger::reserve_stock);
HOURGLASS_ACTIVITY(order::Ledger::charge_card);
HOURGLASS_ACTIVITY(order::Ledger::pack_item);
HOURGLASS_ACTIVITY(order::Ledger::ship);
HOURGLASS_ACTIVITY(order::Ledger::release_stock);
HOURGLASS_ACTIVITY(order::Ledger::refund_card);
