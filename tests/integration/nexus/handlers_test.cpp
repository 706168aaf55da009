// Handlers of Nexus operations, called by workflows over a real server.
#include "tests/integration/nexus/shop.hpp"
#include <hourglass/codec/aes_gcm_codec.hpp>

#include <atomic>
#include <stdexcept>

namespace shop {

// [service]
/// What the shop does for others. Callers need this declaration and no more.
struct Shop {
    virtual ~Shop() = default;
    virtual int price(std::string article) = 0;
    virtual nexus::Operation<std::string> buy(std::string article) = 0;
};
// [service]

}  // namespace shop

// [define]
HOURGLASS_NEXUS_SERVICE(shop::Shop, operations(price, buy), name("shop"))
// [define]

namespace shop {

class Delivery {
public:
    hg::Task<std::string> run(std::string article) {
        if (article == "bricks") {
            throw hg::ApplicationError{"too heavy", {.type = "Heavy"}};
        }
        const bool at_once = article == "socks";
        co_await wf::wait_condition([this, at_once] { return sent_ || at_once; });
        co_return article + " delivered";
    }
    void send() { sent_ = true; }

private:
    bool sent_ = false;
};

// [handler]
class CornerShop final : public Shop {
public:
    int price(std::string article) override {
        if (article != "socks") {
            throw nexus::HandlerError{"no such article: " + article, nexus::ErrorType::NotFound};
        }
        return 499;
    }

    nexus::Operation<std::string> buy(std::string article) override {
        if (article == "nothing") {
            return "nothing to deliver";  // at once
        }
        return nexus::workflow_run<&Delivery::run>(
            {.id = "delivery-" + nexus::info().request_id}, article
        );
    }
};
// [handler]

/// Calls by the declaration: types are checked.
class Checkout {
public:
    hg::Task<std::string> run(std::string endpoint, std::string article) {
        const auto shop = wf::nexus_client<Shop>(endpoint);
        const wf::NexusOperationOptions options{.schedule_to_close_timeout = 60s};
        const int cents = co_await shop.execute<&Shop::price>(options, article);
        const auto bought = shop.execute<&Shop::buy>(options, article);
        const std::string delivered = co_await bought;
        co_return delivered + " for " + std::to_string(cents);
    }
};

}  // namespace shop

HOURGLASS_WORKFLOW(shop::Delivery, run, signals(send));
HOURGLASS_WORKFLOW(shop::Checkout, run);
HOURGLASS_WORKFLOW(shop::Calls, run);

namespace shop {
namespace {

using Handles = ShopTest;
using ::testing::Not;

/// Empty if the operation was over at once.
std::string token_seen_by(const hg::WorkflowHandle<&Calls::run>& handle) {
    return hg::from_payload<std::string>(handle.describe().memo.at("token"));
}

hg::WorkerOptions corner_shop() {
    hg::WorkerOptions worker;
    // [worker]
    worker.nexus_services.add<Shop>(std::make_shared<CornerShop>());
    // [worker]
    return worker;
}

TEST_F(Handles, AServiceThatIsDeclaredOnceForBothSides) {
    start_app(corner_shop());
    EXPECT_EQ(
        client_->execute<&Checkout::run>(
            {.id = unique("checkout"), .task_queue = queue_}, endpoint_, "socks"
        ),
        "socks delivered for 499"
    );
}

TEST_F(Handles, AnOperationAtOnce) {
    start_app(corner_shop());
    const auto handle = start_call("buy", "nothing");
    EXPECT_EQ(handle.result(), "nothing to deliver");
    EXPECT_EQ(token_seen_by(handle), "");
}

TEST_F(Handles, AWorkflowAsAnOperation) {
    start_app(corner_shop());
    const auto handle = start_call("buy", "shoes");
    std::string id;
    ASSERT_TRUE(eventually([&] {
        const std::string history = handle.history().to_json();
        const auto at = history.find("delivery-");
        if (history.find("EVENT_TYPE_NEXUS_OPERATION_STARTED") != std::string::npos &&
            at != std::string::npos) {
            id = history.substr(at, history.find_first_of("\"/", at) - at);
        }
        return !id.empty();
    })) << handle.history().to_json();
    const auto delivery = client_->handle<&Delivery::run>(id);
    // Each history leads to the other.
    EXPECT_THAT(delivery.history().to_json(), HasSubstr(handle.id()));
    const std::string history = handle.history().to_json();
    // The caller's own start stands before that: what follows is in the links of the event.
    const std::string started = history.substr(history.find("EVENT_TYPE_NEXUS_OPERATION_STARTED"));
    EXPECT_THAT(started, HasSubstr("EVENT_TYPE_WORKFLOW_EXECUTION_STARTED"));
    EXPECT_THAT(started, HasSubstr(id));
    delivery.signal<&Delivery::send>();
    EXPECT_EQ(handle.result(), "shoes delivered");
    EXPECT_NE(token_seen_by(handle), "");
}

TEST_F(Handles, AWorkflowThatFailsFailsItsOperation) {
    start_app(corner_shop());
    EXPECT_THAT(call("buy", "bricks"), HasSubstr("ApplicationError (Heavy): too heavy"));
}

TEST_F(Handles, WhoCancelsTheOperationCancelsItsWorkflow) {
    start_app(corner_shop());
    const auto handle = start_call("buy", "shoes");
    ASSERT_TRUE(eventually([&] {
        // The caller knows that it has started, and waits for its end.
        return handle.history().to_json().find("EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED") !=
               std::string::npos;
    }));
    handle.cancel("test");
    EXPECT_THROW(static_cast<void>(handle.result()), hg::WorkflowFailedError);
    const std::string history = handle.history().to_json();
    // The operation may be over before its handler's answer to the request is written down.
    EXPECT_THAT(history, HasSubstr("EVENT_TYPE_NEXUS_OPERATION_CANCEL_REQUESTED"));
    EXPECT_THAT(history, HasSubstr("EVENT_TYPE_NEXUS_OPERATION_CANCELED"));
    EXPECT_THAT(history, HasSubstr("EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED"));
}

TEST_F(Handles, AnErrorOfTheHandlersWithItsType) {
    start_app(corner_shop());
    EXPECT_THAT(call("price", "boots"), HasSubstr("NOT_FOUND"));
    EXPECT_THAT(call("price", "boots"), HasSubstr("no such article: boots"));
}

TEST_F(Handles, NothingThatIsNotRegistered) {
    start_app(corner_shop());
    EXPECT_THAT(call("steal", "boots"), HasSubstr("NOT_FOUND"));
}

TEST_F(Handles, NoInputThatDoesNotFit) {
    start_app(corner_shop());
    EXPECT_THAT(call("price", 7), HasSubstr("BAD_REQUEST"));
}

TEST_F(Handles, AnOperationThatFails) {
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "fail", [](bool cancelled) -> std::string {
        throw nexus::OperationError{
            "sold out",
            cancelled ? nexus::OperationEnd::Cancelled : nexus::OperationEnd::Failed,
        };
    });
    start_app(worker);
    EXPECT_THAT(call("fail", false), HasSubstr("ApplicationError (OperationError): sold out"));
    EXPECT_THAT(call("fail", true), HasSubstr("CancelledError: sold out"));
}

TEST_F(Handles, AnyOtherErrorByBeingAskedAgain) {
    std::atomic<int> asked = 0;
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "greet", [&asked](std::string name) {
        if (++asked == 1) {
            throw std::runtime_error{"the database is away"};
        }
        return "hello " + name + " of " + nexus::info().headers.at("tenant");
    });
    start_app(worker);
    EXPECT_EQ(call("greet", "ada"), "hello ada of blue");
    EXPECT_EQ(asked, 2);
    app_.reset();  // before what the handler uses
}

TEST_F(Handles, RequestsWithADeadline) {
    std::atomic<bool> timed_out = false;
    hg::WorkerOptions worker;
    worker.nexus_services.add("shop", "doze", [&timed_out]() -> std::string {
        EXPECT_TRUE(nexus::info().request_deadline.has_value());
        const auto cancelled = nexus::cancellation();
        while (!cancelled.stop_requested()) {
            std::this_thread::yield();
        }
        timed_out = nexus::cancellation_reason() == nexus::CancellationReason::TimedOut;
        nexus::throw_if_cancelled();
        return "unreachable";
    });
    start_app(worker);
    const auto handle = start_call("doze");
    EXPECT_TRUE(eventually([&] { return timed_out.load(); }, 30s));
    handle.terminate("test");
    app_.reset();
}

TEST_F(Handles, PayloadsThatAreEncrypted) {
    hg::DataOptions data;
    data.codecs = {hg::aes_gcm_codec({.key_id = "key", .keys = {{"key", std::string(32, 'k')}}})};
    data.encode_failure_attributes = true;
    start_app(corner_shop(), data);
    const auto bought = start_call("buy", "socks");
    EXPECT_EQ(bought.result(), "socks delivered");
    EXPECT_EQ(call("buy", "nothing"), "nothing to deliver");
    const auto refused = start_call("price", "boots");
    EXPECT_THAT(refused.result(), HasSubstr("no such article: boots"));
    EXPECT_THAT(refused.history().to_json(), Not(HasSubstr("no such article")));
}

}  // namespace
}  // namespace shop
