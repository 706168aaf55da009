#include "outage_subject.hpp"

#include "tests/support/process_view.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <utility>

namespace chaos {
namespace {

using namespace std::chrono_literals;
using hg::test::unique;

hg::ApplicationOptions options_of(hg::ClientOptions reach, const std::string& queue) {
    hg::ApplicationOptions options;
    options.client = std::move(reach);
    options.default_worker.task_queue = queue;
    options.threads = 4;
    return options;
}

}  // namespace

OutageSubject::OutageSubject(
    const std::string& name, hg::ClientOptions reach, const std::string& direct
)
    : queue_{unique(name)},
      app_{options_of(std::move(reach), queue_)},
      client_{app_.client()},
      direct_{hg::Client::connect({.address = direct})} {
    if (!app_.wait_until_polling(queue_, 20s)) {
        throw std::runtime_error{"the worker of " + queue_ + " does not poll"};
    }
    start_probe();
    static_cast<void>(probe_finished_after(Clock::now()));
    nodes_ = hg::test::lasting_nodes(app_);
}

void OutageSubject::start_orders(int count) {
    for (int i = 0; i < count; ++i) {
        std::string id = unique("order");
        auto handle = client_.start_async<&Order::run>({.id = id, .task_queue = queue_}, id);
        orders_.push_back({.id = std::move(id), .handle = std::move(handle)});
    }
}

void OutageSubject::wait_for_orders() {
    for (auto& order : orders_) {
        if (!order.result) {
            const auto handle = order.handle.get();
            handle.signal<&Order::add>(1);
            handle.signal<&Order::add>(10);
            order.result = handle.result_async();
        }
    }
}

void OutageSubject::expect_orders_finish() {
    wait_for_orders();
    for (auto& order : orders_) {
        EXPECT_EQ(order.result->get(), expected_result(order.id));
    }
    orders_.clear();
}

void OutageSubject::start_probe() {
    probes_.push_back(
        direct_.start<&flows::Echo::run>({.id = unique("probe"), .task_queue = queue_}, "there")
    );
}

std::chrono::milliseconds OutageSubject::probe_finished_after(Clock::time_point begin) {
    EXPECT_EQ(probes_.back().result(), "there");
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
}

void OutageSubject::expect_tree_untouched() const {
    EXPECT_EQ(hg::test::lasting_nodes(app_), nodes_) << app_.tree_text();
}

}  // namespace chaos
