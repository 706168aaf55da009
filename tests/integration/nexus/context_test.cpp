// What handlers have beside their input: a client, and interceptors around them.
#include "tests/integration/nexus/shop.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace shop {

/// A basket that is filled until somebody pays.
class Basket {
public:
    hg::Task<std::string> run(std::string owner) {
        co_await wf::wait_condition([this] { return paid_; });
        co_return owner + " has" + articles_;
    }
    void put(std::string article) { articles_ += " " + article; }
    std::string pay() {
        paid_ = true;
        return "paid:" + articles_;
    }
    std::string look() const { return "in it:" + articles_; }

private:
    std::string articles_;
    bool paid_ = false;
};

/// Says whose it is: what its start's header says.
class Parcel {
public:
    hg::Task<std::string> run() {
        const auto& headers = wf::info().headers;
        const auto found = headers.find("tenant");
        co_return found == headers.end() ? "nobody's"
                                         : hg::from_payload<std::string>(found->second);
    }
};

}  // namespace shop

HOURGLASS_WORKFLOW(shop::Basket, run, signals(put), updates(pay), queries(look));
HOURGLASS_WORKFLOW(shop::Parcel, run);

namespace shop {
namespace {

using HandlersHave = ShopTest;

TEST_F(HandlersHave, AClientForOperationsThatAreMessages) {
    hg::WorkerOptions worker;
    // [client]
    worker.nexus_services.add("shop", "put", [](std::string article) {
        const auto basket = hg::with_start<&Basket::run>(
            {.id = "basket-" + nexus::info().task_queue, .task_queue = nexus::info().task_queue},
            "ada"
        );
        nexus::client().signal_with_start<&Basket::put>(basket, article);
        nexus::logger().info("put into the basket", {{"article", article}});
        return article;
    });
    worker.nexus_services.add("shop", "pay", [] {
        const auto basket =
            nexus::client().handle<&Basket::run>("basket-" + nexus::info().task_queue);
        // The server may ask again: under the same id it is one update.
        return basket.update_with<&Basket::pay>({.id = nexus::info().request_id});
    });
    // [client]
    worker.nexus_services.add("shop", "look", [] {
        return nexus::client()
            .handle<&Basket::run>("basket-" + nexus::info().task_queue)
            .query<&Basket::look>();
    });
    start_app(worker);
    static_cast<void>(call("put", "socks"));
    EXPECT_EQ(call("look"), "in it: socks");
    static_cast<void>(call("put", "shoes"));
    EXPECT_EQ(call("pay"), "paid: socks shoes");
    const auto basket = client_->handle<&Basket::run>("basket-" + queue_);
    EXPECT_EQ(basket.result(), "ada has socks shoes");
}

TEST_F(HandlersHave, AClientThatLinksWhatItStartsWithAnUpdate) {
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "sell", [] {
        const auto basket = hg::with_start<&Basket::run>(
            {.id = "sold-" + nexus::info().task_queue, .task_queue = nexus::info().task_queue},
            "ada"
        );
        return nexus::client()
            .update_with_start<&Basket::pay>(basket, {.id = nexus::info().request_id})
            .update.result();
    });
    start_app(worker);
    const auto caller = start_call("sell");
    EXPECT_EQ(caller.result(), "paid:");
    const auto basket = client_->handle<&Basket::run>("sold-" + queue_);
    EXPECT_EQ(basket.result(), "ada has");
    const std::string history = basket.history().to_json();
    EXPECT_THAT(history, HasSubstr(caller.id()));
    EXPECT_THAT(history, HasSubstr("EVENT_TYPE_NEXUS_OPERATION_SCHEDULED"));
}

thread_local std::string tenant_of_thread;

/// Whatever a workflow calls gets this tenant.
class CallsForGreen final : public wf::WorkflowInterceptor {
public:
    void start_nexus_operation(wf::StartNexusOperationCall& call) override {
        std::map<std::string, std::string> headers = call.options.headers;
        headers["tenant"] = "green";
        call.options.headers = headers;
    }
};

/// The tenant on the way from a caller over the operation's handler to the workflow behind it.
class Tenant final : public hg::ClientInterceptor, public hg::WorkerInterceptor {
public:
    std::unique_ptr<wf::WorkflowInterceptor> workflow(const wf::WorkflowInfo& /*info*/) override {
        return std::make_unique<CallsForGreen>();
    }
    // [nexus]
    nexus::StartedOperation handle_nexus_start(
        nexus::StartOperationCall call,
        hg::Next<nexus::StartOperationCall, nexus::StartedOperation> next
    ) override {
        tenant_of_thread = call.headers["tenant"];
        // Also if the rest throws: the thread then does something else.
        const std::shared_ptr<void> clears{nullptr, [](void*) { tenant_of_thread.clear(); }};
        return next(std::move(call));
    }
    // [nexus]
    void handle_nexus_cancel(
        nexus::CancelOperationCall call, hg::Next<nexus::CancelOperationCall, void> next
    ) override {
        cancelled_ = true;
        next(std::move(call));
    }
    hg::Future<hg::WorkflowRef> start_workflow(
        hg::StartWorkflowCall call,
        hg::Next<hg::StartWorkflowCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        if (!tenant_of_thread.empty()) {
            call.headers["tenant"] = hg::to_payload(tenant_of_thread);
        }
        return next(std::move(call));
    }

    [[nodiscard]] bool cancelled() const { return cancelled_; }

private:
    std::atomic<bool> cancelled_ = false;
};

TEST_F(HandlersHave, InterceptorsFromTheCallersToTheWorkflowsBehindThem) {
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "send", []() -> nexus::Operation<std::string> {
        return nexus::workflow_run<&Parcel::run>({.id = "parcel-" + nexus::info().request_id});
    });
    worker.nexus_services.add("shop", "ask", [] { return nexus::info().headers.at("tenant"); });
    start_app(worker, {}, {std::make_shared<Tenant>()});
    EXPECT_EQ(call("ask"), "green");
    EXPECT_EQ(call("send"), "green");
}

TEST_F(HandlersHave, InterceptorsAroundTheirCancellation) {
    const auto tenant = std::make_shared<Tenant>();
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "fill", []() -> nexus::Operation<std::string> {
        return nexus::workflow_run<&Basket::run>({.id = "fill-" + nexus::info().request_id}, "ada");
    });
    start_app(worker, {}, {tenant});
    const auto handle = start_call("fill");
    ASSERT_TRUE(eventually([&] {
        return handle.history().to_json().find("EVENT_TYPE_NEXUS_OPERATION_STARTED") !=
               std::string::npos;
    }));
    handle.cancel("test");
    EXPECT_THROW(static_cast<void>(handle.result()), hg::WorkflowFailedError);
    EXPECT_TRUE(tenant->cancelled());
}

}  // namespace
}  // namespace shop
