#pragma once

#include "tests/support/nexus_endpoint.hpp"
#include "tests/support/test_server.hpp"
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hg = hourglass;
namespace wf = hourglass::workflow;
namespace nexus = hourglass::nexus;
using namespace std::chrono_literals;
using hg::test::eventually;
using hg::test::unique;
using ::testing::HasSubstr;

namespace shop {

/// Calls one operation of the service "shop", and says how that ended.
class Calls {
public:
    hg::Task<std::string> run(std::string endpoint, std::string operation, hg::RawValue input) {
        const wf::NexusOperationOptions options{
            .schedule_to_close_timeout = 60s, .headers = {{"tenant", "blue"}}
        };
        std::string said;
        try {
            const auto client = wf::nexus_client(endpoint, "shop");
            const auto called = client.execute<std::string>(operation, options, input);
            const std::string token = co_await called.started();
            wf::upsert_memo({{"token", hg::to_payload(token)}});
            said = co_await called;
        } catch (const hg::NexusOperationError& error) {
            said = hg::to_text(*error.cause());
        }
        co_return said;
    }
};

/// A worker that handles the service "shop", calls it, and runs the workflows behind it.
class ShopTest : public ::testing::Test {
protected:
    /// @param worker  its task queue is this test's own.
    void start_app(
        hg::WorkerOptions worker,
        hg::DataOptions data = {},
        std::vector<std::shared_ptr<hg::ClientInterceptor>> interceptors = {}
    ) {
        worker.task_queue = queue_;
        hg::ApplicationOptions options;
        options.client.address = hg::test::server_address();
        options.client.data = std::move(data);
        options.client.interceptors = std::move(interceptors);
        options.default_worker = std::move(worker);
        app_ = std::make_unique<hg::Application>(options);
        client_ = std::make_unique<hg::Client>(app_->client());
        endpoint_ = hg::test::make_nexus_endpoint(*client_, queue_);
    }

    template <class... Input>
    [[nodiscard]] hg::WorkflowHandle<&Calls::run> start_call(
        const std::string& operation, const Input&... input
    ) const {
        const hg::Payloads payloads = hg::encode_arguments(input...);
        return client_->start<&Calls::run>(
            {.id = unique("calls"), .task_queue = queue_},
            endpoint_,
            operation,
            hg::RawValue{payloads.empty() ? hg::null_payload() : payloads.front()}
        );
    }
    template <class... Input>
    [[nodiscard]] std::string call(const std::string& operation, const Input&... input) const {
        return start_call(operation, input...).result();
    }

    const std::string queue_ = unique("shop");
    std::unique_ptr<hg::Application> app_;
    std::unique_ptr<hg::Client> client_;
    std::string endpoint_;
};

}  // namespace shop
