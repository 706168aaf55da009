#include "order_workflow.hpp"

#include <chrono>
#include <exception>
#include <utility>
#include <vector>

namespace order {
using namespace std::chrono_literals;
namespace wf = hg::workflow;

namespace {

wf::ActivityOptions quick() {
    return {
        .start_to_close_timeout = 10s, .retry_policy = hg::RetryPolicy{.initial_interval = 200ms}
    };
}

}  // namespace

hg::Task<Receipt> OrderWorkflow::run(Order order) {
    order_ = std::move(order);
    std::exception_ptr failure;
    try {
        Receipt receipt = co_await fulfil();
        co_return receipt;
    } catch (const hg::FailureError&) {
        failure = std::current_exception();  // C++ allows no co_await in a handler
    }
    // A saga: what was done is undone, in a scope that the workflow's cancellation does not reach.
    co_await wf::shield(compensate());
    std::rethrow_exception(failure);
}

hg::Task<Receipt> OrderWorkflow::fulfil() {
    progress_ = "waiting for approval";
    co_await wf::wait_condition([this] { return !approved_by_.empty(); }, {.timeout = 24h});

    // One after the other. A step may have had its effect as soon as it is asked for, even if its
    // result never comes: from then on it has to be undone.
    progress_ = "reserving";
    reserved_ = true;
    co_await wf::execute_activity<&Ledger::reserve_stock>(quick(), order_);
    progress_ = "charging";
    charged_ = true;
    std::string payment = co_await wf::execute_activity<&Ledger::charge_card>(quick(), order_);

    // Side by side: an activity is scheduled when it is called, awaited later.
    progress_ = "packing";
    std::vector<wf::ActivityHandle<std::string>> packing;
    for (const auto& item : order_.items) {
        packing.push_back(wf::execute_activity<&Ledger::pack_item>(
            {.start_to_close_timeout = 60s, .heartbeat_timeout = 30s}, order_.id, item
        ));
    }
    co_await wf::all(std::move(packing));

    progress_ = "cooling down";
    co_await wf::sleep(1s);  // a durable timer

    shipped_ = true;  // from here on the address is final
    progress_ = "shipping";
    std::string tracking =
        co_await wf::execute_activity<&Ledger::ship>(quick(), order_, order_.address);
    progress_ = "done";
    co_return Receipt{order_.id, payment, tracking, order_.address};
}

hg::Task<void> OrderWorkflow::compensate() {
    progress_ = "undoing";
    if (charged_) {
        co_await wf::execute_activity<&Ledger::refund_card>(quick(), order_.id);
    }
    if (reserved_) {
        co_await wf::execute_activity<&Ledger::release_stock>(quick(), order_.id);
    }
    progress_ = "undone";
}

void OrderWorkflow::approve(std::string by) {
    approved_by_ = std::move(by);
}

std::string OrderWorkflow::progress() const {
    return progress_;
}

std::string OrderWorkflow::change_address(std::string address) {
    return std::exchange(order_.address, std::move(address));
}

void OrderWorkflow::check_address(std::string address) const {
    if (address.empty()) {
        throw hg::ApplicationError{"the address is empty", {.type = "BadAddress"}};
    }
    if (shipped_) {
        throw hg::ApplicationError{"the order is on its way already", {.type = "TooLate"}};
    }
}

}  // namespace order
