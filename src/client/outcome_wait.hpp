#pragma once

#include "hourglass/client/errors.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "src/client/operations.hpp"
#include "src/client/rpc.hpp"
#include "src/convert/failure_converter.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace hourglass::client {

/// Polls until an execution that is no workflow has an outcome.
///
/// `Poll` says what is polled: its `Ref` with a `run_id`, the messages `Request` and `Response`,
/// the method `kMethod`, `request(ref)`, `outcome(response)` with `has_result` and `has_failure`,
/// `result(outcome)` as Payloads, `ended_with_nothing(response)`, `name(ref)` for texts,
/// `target(context, ref)` and `failed(ref, text, cause)`.
template <class Poll>
class OutcomeWait : public std::enable_shared_from_this<OutcomeWait<Poll>> {
public:
    using Ref = typename Poll::Ref;
    using Response = typename Poll::Response;

    OutcomeWait(RpcContextPtr context, Ref ref, std::optional<std::chrono::milliseconds> timeout)
        : context_{std::move(context)},
          ref_{std::move(ref)},
          timeout_{timeout},
          deadline_{timeout},
          settling_{context_->calls.pool} {}

    [[nodiscard]] static Future<Payloads> begin(
        RpcContextPtr context, Ref ref, std::optional<std::chrono::milliseconds> timeout
    ) {
        const auto wait =
            std::make_shared<OutcomeWait>(std::move(context), std::move(ref), timeout);
        wait->poll();
        return wait->settling_.future();
    }

private:
    void poll() {
        typename Poll::Request request = Poll::request(ref_);
        request.set_namespace_(context_->namespace_name);
        CallSpec spec = spec_of(*context_, Poll::kMethod, request);
        spec.long_poll = true;
        spec.timeout = deadline_.left();
        rpc<Response>(*context_, std::move(spec), [self = this->shared_from_this()](auto response) {
            self->answered(std::move(response));
        });
    }

    void answered(Result<Response, RpcFailure> response) {
        if (!response) {
            settling_.fail(error_of(response.error()));
            return;
        }
        if (!response->run_id().empty()) {
            ref_.run_id = response->run_id();  // stay with this one
        }
        const auto& outcome = Poll::outcome(*response);
        if (outcome.has_result()) {
            settling_.succeed(Poll::result(outcome));
        } else if (outcome.has_failure()) {
            const CallTarget target = Poll::target(*context_, ref_);
            const detail::GivenContext whose{
                {.workflow_namespace = target.namespace_name, .activity_id = target.activity_id}
            };
            const detail::ConversionScope scope{&whose};
            FailureCause cause = convert::to_cause(outcome.failure());
            const std::string text = Poll::name(ref_) + " (run \"" + ref_.run_id +
                                     "\") failed: " + hourglass::to_text(*cause);
            settling_.fail(Poll::failed(ref_, text, std::move(cause)));
        } else if (Poll::ended_with_nothing(*response)) {
            settling_.succeed(Payloads{null_payload()});
        } else {
            poll();  // the server ended the poll: it goes on
        }
    }

    [[nodiscard]] std::exception_ptr error_of(const RpcFailure& failed) const {
        if (failed.code == RpcCode::DeadlineExceeded && timeout_) {
            return std::make_exception_ptr(WaitTimeoutError{
                Poll::name(ref_) + " has not ended within " + std::to_string(timeout_->count()) +
                " ms; it goes on, and its result can be asked for again"
            });
        }
        return to_exception(Poll::target(*context_, ref_), failed);
    }

    const RpcContextPtr context_;
    Ref ref_;
    const std::optional<std::chrono::milliseconds> timeout_;
    const Deadline deadline_;
    const Settling<Payloads> settling_;
};

}  // namespace hourglass::client
