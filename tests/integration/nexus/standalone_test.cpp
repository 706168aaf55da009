// Nexus operations without a workflow, handled in C++, over a real server.
#include "tests/integration/nexus/shop.hpp"
#include <hourglass/client/admin.hpp>
#include <hourglass/client/nexus_errors.hpp>
#include <hourglass/codec/aes_gcm_codec.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace market {

struct Market {
    virtual ~Market() = default;
    virtual int price(std::string article) = 0;
    virtual nexus::Operation<std::string> buy(std::string article) = 0;
    virtual nexus::Operation<void> sweep() = 0;
};

class Delivery {
public:
    hg::Task<std::string> run(std::string article) {
        if (article == "bricks") {
            throw hg::ApplicationError{"too heavy", {.type = "Heavy"}};
        }
        const bool at_once = article == "socks";
        co_await wf::wait_condition([at_once] { return at_once; });
        co_return article + " delivered";
    }
};

class Sweeping {
public:
    hg::Task<void> run() { co_return; }
};

class CornerShop final : public Market {
public:
    int price(std::string article) override {
        if (article == "boots") {
            throw nexus::HandlerError{"no such article: " + article, nexus::ErrorType::NotFound};
        }
        return nexus::info().headers.at("tenant") == "blue" ? 499 : 999;
    }
    nexus::Operation<std::string> buy(std::string article) override {
        return nexus::workflow_run<&Delivery::run>(
            {.id = "delivery-" + nexus::info().request_id, .task_queue = nexus::info().task_queue},
            article
        );
    }
    nexus::Operation<void> sweep() override {
        return nexus::workflow_run<&Sweeping::run>({.id = "sweep-" + nexus::info().request_id});
    }
};

}  // namespace market

HOURGLASS_NEXUS_SERVICE(market::Market, operations(price, buy, sweep), name("market"))
HOURGLASS_WORKFLOW(market::Delivery, run);
HOURGLASS_WORKFLOW(market::Sweeping, run);

namespace market {
namespace {

class StandaloneNexus : public shop::ShopTest {
protected:
    void start_market(hg::DataOptions data = {}) {
        hg::WorkerOptions worker;
        worker.nexus_services.add<Market>(std::make_shared<CornerShop>());
        start_app(worker, std::move(data));
        market_ = client_->nexus_client<Market>(endpoint_);
        ASSERT_TRUE(eventually([this] { return knows_endpoint(); }));
    }
    /// Asks for nothing that there is, so that nothing is left of it.
    [[nodiscard]] bool knows_endpoint() const {
        try {
            const auto nobody = client_->nexus_client(endpoint_, "no such service");
            (void
            )nobody.start<void>("knock", {.id = unique("knock"), .schedule_to_close_timeout = 10s});
        } catch (const hg::NexusOperationNotFoundError&) {
            return false;
        } catch (const hg::RpcError&) {  // the first test says what is wrong
        }
        return true;
    }
    /// The error that the operation ended with.
    template <class R>
    static hg::NexusOperationFailedError failure_of(const hg::NexusOperationHandle<R>& handle) {
        try {
            (void)handle.result();
        } catch (const hg::NexusOperationFailedError& error) {
            return error;
        }
        throw std::runtime_error{"the operation did not fail"};
    }

    std::optional<hg::NexusClient<Market>> market_;
    const std::string id_ = unique("operation");
};

TEST_F(StandaloneNexus, IsSupportedByTheServerOfTheTests) {
    start_market();
    EXPECT_TRUE(hg::admin::describe_namespace(*client_).capabilities.standalone_nexus_operations)
        << "the tests below would test nothing";
}

TEST_F(StandaloneNexus, GivesAResultAtOnce) {
    start_market();
    const auto market = *market_;
    // [standalone]
    const auto asked = market.start<&Market::price>(
        {.id = id_, .schedule_to_close_timeout = 60s, .headers = {{"tenant", "blue"}}}, "socks"
    );
    EXPECT_EQ(asked.result(), 499);
    // [standalone]
    const auto description = asked.describe();
    EXPECT_EQ(description.id, id_);
    EXPECT_EQ(description.run_id, asked.run_id());
    EXPECT_EQ(description.endpoint, endpoint_);
    EXPECT_EQ(description.service, "market");
    EXPECT_EQ(description.operation, "price");
    EXPECT_EQ(description.status, hg::NexusOperationStatus::Completed);
    EXPECT_EQ(description.schedule_to_close_timeout, 60s);
    EXPECT_EQ(description.headers.at("tenant"), "blue");
    EXPECT_EQ(description.operation_token, "");
    EXPECT_EQ(hg::from_payload<std::string>(description.input), "socks");
    EXPECT_EQ(client_->nexus_operation<&Market::price>(id_).result(), 499);
}

TEST_F(StandaloneNexus, GivesTheResultOfAWorkflow) {
    start_market();
    const auto bought = market_->start<&Market::buy>(
        {.id = id_, .schedule_to_close_timeout = 60s, .static_summary = "socks"}, "socks"
    );
    EXPECT_EQ(bought.result(), "socks delivered");
    const auto description = bought.describe();
    EXPECT_NE(description.operation_token, "");
    EXPECT_EQ(description.static_summary, "socks");
    EXPECT_EQ(
        client_->nexus_client(endpoint_, "market")
            .execute<std::string>(
                "buy", {.id = id_ + "-2", .schedule_to_close_timeout = 60s}, "socks"
            ),
        "socks delivered"
    );
}

TEST_F(StandaloneNexus, EndsWithNothingAsTheWorkflowDoes) {
    start_market();
    market_->execute<&Market::sweep>({.id = id_, .schedule_to_close_timeout = 60s});
    EXPECT_EQ(
        client_->nexus_operation<void>(id_).describe().status, hg::NexusOperationStatus::Completed
    );
}

TEST_F(StandaloneNexus, TellsItsFailure) {
    start_market();
    const auto refused = failure_of(
        market_->start<&Market::price>({.id = id_, .schedule_to_close_timeout = 60s}, "boots")
    );
    EXPECT_EQ(refused.operation_id(), id_);
    ASSERT_NE(refused.find_cause<hg::NexusHandlerError>(), nullptr) << refused.what();
    EXPECT_EQ(refused.find_cause<hg::NexusHandlerError>()->type(), "NOT_FOUND");
    const auto failed = failure_of(
        market_->start<&Market::buy>({.id = id_, .schedule_to_close_timeout = 60s}, "bricks")
    );
    ASSERT_NE(failed.find_cause<hg::ApplicationError>(), nullptr) << failed.what();
    EXPECT_EQ(failed.find_cause<hg::ApplicationError>()->type(), "Heavy");
}

TEST_F(StandaloneNexus, IsCancelledWithTheWorkflowBehindIt) {
    start_market();
    const auto bought =
        market_->start<&Market::buy>({.id = id_, .schedule_to_close_timeout = 60s}, "shoes");
    ASSERT_TRUE(eventually([&] {
        return bought.describe().state == hg::PendingNexusOperationState::Started;
    }));
    bought.cancel("enough");
    const auto ended = failure_of(bought);
    EXPECT_NE(ended.find_cause<hg::CancelledError>(), nullptr) << ended.what();
    const auto description = bought.describe();
    EXPECT_EQ(description.status, hg::NexusOperationStatus::Canceled);
    ASSERT_TRUE(description.cancellation);
    EXPECT_EQ(description.cancellation->reason, "enough");
    EXPECT_EQ(
        client_->handle("delivery-" + description.request_id).status(), hg::WorkflowStatus::Canceled
    );
}

TEST_F(StandaloneNexus, HasOneRunningOperationAnId) {
    start_market();
    hg::StartNexusOperationOptions options{.id = id_, .schedule_to_close_timeout = 60s};
    const auto first = market_->start<&Market::buy>(options, "shoes");
    try {
        (void)market_->start<&Market::buy>(options, "shoes");
        FAIL() << "the id is running";
    } catch (const hg::NexusOperationAlreadyStartedError& error) {
        EXPECT_EQ(error.operation_id(), id_);
        EXPECT_EQ(error.run_id(), first.run_id());
    }
    options.id_conflict_policy = hg::NexusOperationIdConflictPolicy::UseExisting;
    EXPECT_EQ(market_->start<&Market::buy>(options, "shoes").run_id(), first.run_id());
    EXPECT_THROW((void)first.result({.timeout = 300ms}), hg::WaitTimeoutError);
    first.terminate("done");
    EXPECT_NE(failure_of(first).cause(), nullptr);
    EXPECT_EQ(first.describe().status, hg::NexusOperationStatus::Terminated);
    EXPECT_THROW(
        (void)client_->nexus_operation<void>("no such operation").describe(),
        hg::NexusOperationNotFoundError
    );
}

TEST_F(StandaloneNexus, IsListedCountedAndDeleted) {
    start_market();
    const std::string query = "OperationId = '" + id_ + "'";
    (void)market_->execute<&Market::buy>({.id = id_, .schedule_to_close_timeout = 60s}, "socks");
    ASSERT_TRUE(eventually([&] { return client_->count_nexus_operations(query).total == 1; }));
    std::vector<std::string> found;
    for (const auto& each : client_->list_nexus_operations(query)) {
        EXPECT_EQ(each.operation, "buy");
        found.push_back(each.id);
    }
    EXPECT_THAT(found, ::testing::ElementsAre(id_));
    const auto operation = client_->nexus_operation<void>(id_);
    operation.remove();
    EXPECT_TRUE(eventually([&] {
        try {
            (void)operation.describe();
            return false;
        } catch (const hg::NexusOperationNotFoundError&) {
            return true;
        }
    }));
}

TEST_F(StandaloneNexus, HasPayloadsThatAreEncrypted) {
    hg::DataOptions data;
    data.codecs = {hg::aes_gcm_codec({.key_id = "key", .keys = {{"key", std::string(32, 'k')}}})};
    start_market(data);
    EXPECT_EQ(
        market_->execute<&Market::buy>({.id = id_, .schedule_to_close_timeout = 60s}, "socks"),
        "socks delivered"
    );
    // Another client, without the key, sees none of it.
    const auto stranger = hg::Client::connect({.address = hg::test::server_address()});
    const auto input = stranger.nexus_operation<void>(id_).describe().input;
    EXPECT_EQ(input.data.find("socks"), std::string::npos);
}

}  // namespace
}  // namespace market
