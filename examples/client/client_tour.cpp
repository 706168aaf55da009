// A walk through what a client can do; docs/client.md shows its parts.
#include <hourglass/client/admin.hpp>
#include <hourglass/hourglass.hpp>

#include <iostream>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

namespace hg = hourglass;
using namespace std::chrono_literals;

// [workflow]
class Cart {
public:
    hg::Task<int> run(int limit) {
        limit_ = limit;
        co_await hg::workflow::wait_condition([this] { return closed_; });
        co_return cents_;
    }
    void close() { closed_ = true; }                // a signal
    int add(int cents) { return cents_ += cents; }  // an update
    void may_add(int cents) const {                 // its validator
        if (limit_ && cents_ + cents > *limit_) {
            throw hg::ApplicationError{"the cart is full"};
        }
    }
    int cents() const { return cents_; }  // a query

private:
    std::optional<int> limit_;  // not known yet to what comes together with the start
    int cents_ = 0;
    bool closed_ = false;
};
HOURGLASS_WORKFLOW(Cart, run, signals(close), updates(validated(add, may_add)), queries(cents));
// [workflow]

namespace {

void start_options(const hg::Client& client) {
    // [start]
    static const auto kCustomer = hg::search_attribute::keyword("CustomerId");
    auto cart = client.start<&Cart::run>(
        {.id = "cart-1",
         .id_conflict_policy = hg::WorkflowIdConflictPolicy::UseExisting,
         .run_timeout = 24h,
         .retry_policy = hg::RetryPolicy{.maximum_attempts = 3},
         .memo = {{"source", hg::to_payload("web")}},
         .search_attributes = {kCustomer.set("ada")},
         .static_summary = "Ada's cart",
         .priority = {.key = 1, .fairness_key = "ada"}},
        10'000
    );
    // [start]
    // [messages]
    std::cout << cart.update<&Cart::add>(300) << "\n";  // 300, once it is done
    std::cout << cart.query<&Cart::cents>() << "\n";    // 300
    std::cout << cart.update_with<&Cart::add>({.id = "gift", .timeout = 10s}, 200) << "\n";
    const hg::QueryOptions if_open{.reject_condition = hg::QueryRejectCondition::NotOpen};
    std::cout << cart.query_with<&Cart::cents>(if_open) << "\n";  // 500
    // [messages]
    // [handles]
    cart.signal<&Cart::close>();
    int cents = cart.result({.timeout = 30s});
    hg::WorkflowDescription description = cart.describe();
    std::optional<std::string> customer = description.search_attributes.get(kCustomer);
    // [handles]
    std::cout << customer.value_or("nobody") << " pays " << cents << "\n";
}

void with_start(const hg::Client& client) {
    // [with_start]
    auto start = hg::with_start<&Cart::run>(
        {.id = "cart-2", .id_conflict_policy = hg::WorkflowIdConflictPolicy::UseExisting}, 500
    );
    auto [cart, added] = client.update_with_start<&Cart::add>(start, {.id = "first"}, 300);
    std::cout << added.result() << "\n";            // 300
    client.signal_with_start<&Cart::close>(start);  // the same cart, if it is still open
    std::cout << cart.update_handle<&Cart::add>("first").result()
              << "\n";  // 300, of the same update
    // [with_start]
    cart.result();
}

void call_options(const hg::Client& client) {
    // [call_options]
    std::stop_source stop;
    hg::Client impatient = client.with(
        {.timeout = 2s, .stop_token = stop.get_token(), .metadata = {{"x-tenant", "ada"}}}
    );
    hg::Count open = impatient.count_workflows("ExecutionStatus = 'Running'");
    bool done = false;
    try {
        client.handle<&Cart::run>("cart-1").with({.timeout = 100ms}).result();
        done = true;
    } catch (const hg::WaitTimeoutError&) {  // it goes on; only this wait has ended
    }
    // [call_options]
    std::cout << (open.total >= 0 && done ? "counted\n" : "");
}

void lists(const hg::Client& client) {
    // [lists]
    for (const auto& workflow : client.list_workflows("WorkflowType = 'Cart'", {.limit = 50})) {
        std::cout << workflow.id << ": " << to_text(workflow.status) << "\n";
    }
    for (const auto& group : client.count_workflows("GROUP BY ExecutionStatus").groups) {
        std::cout << group.value<std::string>() << ": " << group.count << "\n";
    }
    for (const auto& history : client.list_workflows("WorkflowType = 'Cart'").histories()) {
        std::cout << history.workflow_id() << " has " << history.size() << " events\n";
    }
    // [lists]
}

void schedules(const hg::Client& client) {
    // [schedules]
    auto nightly = client.create_schedule(
        "nightly",
        {.action = hg::scheduled<&Cart::run>({.id = "nightly-cart"}, 500),
         .spec =
             {.calendars = {{.hour = {{3}}, .day_of_week = {{1, 5}}}},  // 3:00, Monday to Friday
              .time_zone_name = "Europe/Berlin"},
         .policy = {.overlap = hg::ScheduleOverlapPolicy::Skip}}
    );
    nightly.update([](hg::ScheduleUpdate& update) {
        update.schedule.spec.jitter = 5min;
        update.schedule.state.note = "a bit later";
    });
    nightly.pause("audit");
    // [schedules]
    nightly.remove();
}

}  // namespace

int main() {
    hg::Application app{hg::ApplicationOptions::from_environment()};
    const hg::Client client = app.client();
    // [search_attributes]
    hg::admin::add_search_attributes(client, {{"CustomerId", hg::SearchAttributeType::Keyword}});
    // [search_attributes]
    for (int i = 0; i < 200; ++i) {  // until all parts of the server know the attribute
        try {
            start_options(client);
            break;
        } catch (const hg::RpcError& error) {
            if (error.code() != hg::RpcCode::InvalidArgument) {
                throw;
            }
            std::this_thread::sleep_for(50ms);
        }
    }
    with_start(client);
    call_options(client);
    lists(client);
    schedules(client);
    std::cout << "toured\n";
}
