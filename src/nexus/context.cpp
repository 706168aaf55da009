#include "hourglass/nexus/context.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/client/backend.hpp"
#include "src/nexus/state.hpp"

#include <utility>
#include <vector>

namespace hourglass::nexus {
namespace {

thread_local detail::RequestState* current_request = nullptr;

detail::RequestState& current_state() {
    if (current_request == nullptr) {
        throw Error{
            "no Nexus operation is handled on this thread: hourglass::nexus's functions work "
            "inside of a handler only. For a thread that the handler starts, take `const auto "
            "context = nexus::Context::current();` along and call the context's functions, or "
            "context.run(...)"
        };
    }
    return *current_request;
}

}  // namespace

const char* to_text(CancellationReason reason) noexcept {
    return reason == CancellationReason::TimedOut ? "timed out" : "the worker is shutting down";
}

detail::RequestState* detail::RequestState::current() noexcept {
    return current_request;
}

SerializationContext detail::RequestState::context() const {
    const Info& known = info();
    return {
        .workflow_namespace = known.workflow_namespace,
        .nexus_endpoint = known.endpoint,
        .nexus_service = known.service,
        .nexus_operation = known.operation
    };
}

detail::RequestScope::RequestScope(RequestState* state) noexcept
    : previous_{current_request}, scope_{state} {
    current_request = state;
}

detail::RequestScope::~RequestScope() {
    current_request = previous_;
}

Context Context::current() {
    return Context{current_state().shared_from_this()};
}

bool Context::has_current() noexcept {
    return current_request != nullptr;
}

const Info& Context::info() const {
    return state_->info();
}

bool Context::is_cancelled() const {
    return state_->reason().has_value();
}

std::stop_token Context::cancellation() const {
    return state_->cancellation();
}

std::optional<CancellationReason> Context::cancellation_reason() const {
    return state_->reason();
}

void Context::throw_if_cancelled() const {
    if (const auto reason = state_->reason()) {
        throw CancelledError{to_text(*reason)};
    }
}

std::stop_token Context::worker_shutdown() const {
    return state_->worker_shutdown();
}

Client Context::client() const {
    return Client{std::make_shared<client::RpcBackend>(state_->client())};
}

Logger Context::logger() const {
    std::vector<log::Field> fields{
        {"service", info().service},
        {"operation", info().operation},
        {"task_queue", info().task_queue},
    };
    if (!info().request_id.empty()) {
        fields.push_back({"request_id", info().request_id});
    }
    return Logger{std::move(fields)};
}

MetricMeter Context::meter() const {
    if (!state_->metrics()) {
        return {};
    }
    return MetricMeter{
        state_->metrics(),
        {{"namespace", info().workflow_namespace},
         {"task_queue", info().task_queue},
         {"nexus_service", info().service},
         {"nexus_operation", info().operation}}
    };
}

const Info& info() {
    return current_state().info();
}

bool is_cancelled() {
    return Context::current().is_cancelled();
}

std::stop_token cancellation() {
    return current_state().cancellation();
}

std::optional<CancellationReason> cancellation_reason() {
    return current_state().reason();
}

void throw_if_cancelled() {
    Context::current().throw_if_cancelled();
}

std::stop_token worker_shutdown() {
    return current_state().worker_shutdown();
}

Client client() {
    return Context::current().client();
}

Logger logger() {
    return Context::current().logger();
}

MetricMeter meter() {
    return Context::current().meter();
}

}  // namespace hourglass::nexus
