#include "flows.hpp"

#include <chrono>
#include <thread>

namespace chaos {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

void Effects::happened(const std::string& id) {
    const std::lock_guard lock{mutex_};
    ++counts_[id];
}

int Effects::count(const std::string& id) const {
    const std::lock_guard lock{mutex_};
    const auto found = counts_.find(id);
    return found == counts_.end() ? 0 : found->second;
}

Effects& effects() {
    static Effects instance;
    return instance;
}

std::string effect(std::string id, int ms) {
    effects().happened(id);
    std::this_thread::sleep_for(std::chrono::milliseconds{ms});
    return id;
}

hg::Task<std::string> Order::run(std::string id) {
    // A task that got lost on its way is the server's to time out: soon, so that a test sees it.
    const wf::ActivityOptions options{
        .start_to_close_timeout = 10s, .retry_policy = hg::RetryPolicy{.initial_interval = 10ms}
    };
    std::string first = co_await wf::execute_activity<&effect>(options, id + "-first", 20);
    co_await wf::sleep(10ms);
    std::string second = co_await wf::execute_activity<&effect>(options, id + "-second", 5);
    co_await wf::wait_condition([this] { return signals_ >= 2; });
    co_return first + " " + second + " " + std::to_string(signals_) + " " + std::to_string(sum_);
}

hg::Task<std::string> Patient::run(std::string text) {
    const wf::ActivityOptions options{.start_to_close_timeout = 3min};
    std::string answer = co_await wf::execute_activity<&flows::gated_activity>(options, text);
    co_return answer;
}

hg::Task<std::string> CallsNexus::run(std::string endpoint, std::string text) {
    const wf::NexusOperationOptions options{.schedule_to_close_timeout = 60s};
    const auto chaos = wf::nexus_client(endpoint, "chaos");
    std::string answer = co_await chaos.execute<std::string>("wait", options, text);
    co_return answer;
}

flows::Gate& nexus_gate() {
    static flows::Gate gate;
    return gate;
}

std::atomic<int>& nexus_requests() {
    static std::atomic<int> requests{0};
    return requests;
}

hg::nexus::Services nexus_services() {
    hg::nexus::Services services;
    services.add("chaos", "wait", [](std::string text) {
        ++nexus_requests();
        nexus_gate().pass();
        return text + " handled";
    });
    return services;
}

void Order::add(int value) {
    sum_ += value;
    ++signals_;
}

std::string expected_result(const std::string& id) {
    return id + "-first " + id + "-second 2 11";
}

}  // namespace chaos
