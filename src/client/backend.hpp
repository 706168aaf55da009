#pragma once

#include "hourglass/client/client_backend.hpp"
#include "src/client/rpc.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace hourglass::client {

/// The backend that talks to a server over a channel.
class RpcBackend : public detail::ClientBackend {
public:
    explicit RpcBackend(RpcContextPtr context) : context_{std::move(context)} {}

    [[nodiscard]] const std::string& address() const override { return context_->address; }
    [[nodiscard]] const std::string& namespace_name() const override {
        return context_->namespace_name;
    }
    [[nodiscard]] const std::string& identity() const override { return context_->identity; }

    /// Calls the server once and says whether it answers.
    Future<void> connect();

    Future<detail::ExecutionRef> start(std::string type, StartOptions options, Payloads arguments)
        override;
    Future<void> signal(detail::ExecutionRef target, std::string name, Payloads arguments) override;
    Future<Payloads> query(
        detail::ExecutionRef target, std::string name, QueryOptions options, Payloads arguments
    ) override;
    Future<Payloads> update(
        detail::ExecutionRef target, std::string name, UpdateOptions options, Payloads arguments
    ) override;
    Future<void> cancel(detail::ExecutionRef target, std::string reason) override;
    Future<void> terminate(detail::ExecutionRef target, std::string reason, Payloads details)
        override;
    Future<WorkflowDescription> describe(detail::ExecutionRef target) override;
    Future<Payloads> result(detail::ExecutionRef target, ResultOptions options) override;
    Future<WorkflowHistory> history(detail::ExecutionRef target) override;
    Future<WorkflowPage> list_page(std::string query, int page_size, std::string page_token)
        override;
    Future<std::int64_t> count(std::string query) override;
    Future<std::string> raw_call(std::string service, std::string method, std::string request)
        override;

private:
    RpcContextPtr context_;
};

}  // namespace hourglass::client
