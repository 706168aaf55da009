#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/call_options.hpp"
#include "hourglass/client/calls.hpp"
#include "src/base/per_process.hpp"
#include "src/client/coded_call.hpp"
#include "src/client/identity.hpp"
#include "src/client/rpc_errors.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {
class ClientInterceptor;
}

namespace hourglass::client {

/// What a client was made with; all its calls share it.
struct RpcContext {
    std::string address;
    std::string namespace_name;
    std::string identity;
    std::chrono::milliseconds rpc_timeout = std::chrono::seconds{10};
    CallSettings calls;
    /// The first one outermost.
    std::vector<std::shared_ptr<ClientInterceptor>> interceptors = {};
    /// What `with` set.
    CallOptions options = {};
    /// The end of the interceptors' chain for a start; empty: the options say all.
    std::function<Future<WorkflowRef>(StartWorkflowCall)> send_start = {};
};

/// A client's context as it is in the process that asks: in a forked child the identity is the
/// child's own. Copies share it.
class RpcContextPtr {
public:
    // Both are not explicit: it stands where a plain pointer does.
    RpcContextPtr(std::shared_ptr<const RpcContext> made)  // NOLINT(google-explicit-constructor)
        : shared_{std::make_shared<Shared>(std::move(made))} {}
    RpcContextPtr(std::shared_ptr<RpcContext> made)  // NOLINT(google-explicit-constructor)
        : RpcContextPtr{std::shared_ptr<const RpcContext>{std::move(made)}} {}

    const RpcContext* operator->() const { return &shared_->here(); }
    const RpcContext& operator*() const { return shared_->here(); }

private:
    class Shared {
    public:
        explicit Shared(std::shared_ptr<const RpcContext> made) : made_{std::move(made)} {}
        const RpcContext& here();

    private:
        const std::shared_ptr<const RpcContext> made_;
        const std::uint64_t epoch_ = fork::process_epoch();
        const bool identity_is_default_ = made_->identity == default_identity();
        fork::PerProcess<RpcContext> in_child_;
    };

    std::shared_ptr<Shared> shared_;
};

/// The earlier of the timeout and the deadline that `with` set; 0 ms if that has passed, and at
/// most kLongestWait.
/// @param timeout  used instead of the options', if it is set.
inline std::optional<std::chrono::milliseconds> limit_of(
    const RpcContext& context, std::optional<std::chrono::milliseconds> timeout
) {
    using std::chrono::milliseconds;
    std::optional<milliseconds> limit = timeout ? timeout : context.options.timeout;
    if (const auto deadline = context.options.deadline) {
        const auto now = std::chrono::steady_clock::now();
        const auto left =
            *deadline > now ? std::chrono::ceil<milliseconds>(*deadline - now) : milliseconds{0};
        limit = limit ? std::min(*limit, left) : left;
    }
    return limit ? std::optional{std::min(*limit, kLongestWait)} : std::nullopt;
}

/// The promised answer of an operation. It is given on a thread of the pool: user code runs there.
template <class T>
class Settling {
public:
    explicit Settling(CallbackPool* pool) : pool_{pool}, promise_{std::make_shared<Promise<T>>()} {}

    [[nodiscard]] Future<T> future() const { return promise_->future(); }

    template <class... V>
    void succeed(V... value) const {
        pool_->post([promise = promise_, ... value = std::move(value)]() mutable {
            promise->set_value(std::move(value)...);
        });
    }
    void fail(std::exception_ptr error) const {
        pool_->post([promise = promise_, error = std::move(error)] { promise->set_error(error); });
    }

private:
    CallbackPool* pool_;
    std::shared_ptr<Promise<T>> promise_;
};

/// A Future that failed before anything was sent.
template <class T>
Future<T> failed_future(std::exception_ptr error) {
    Promise<T> promise;
    promise.set_error(std::move(error));
    return promise.future();
}

inline CallTarget target_of(const RpcContext& context, std::string action) {
    return {
        .address = context.address,
        .namespace_name = context.namespace_name,
        .action = std::move(action)
    };
}

/// The target of a call about one execution; the action is `verb`, the word workflow and the id.
inline CallTarget target_of(
    const RpcContext& context, const std::string& verb, std::string workflow_id, std::string run_id
) {
    CallTarget target = target_of(context, verb + " workflow \"" + workflow_id + '"');
    target.workflow_id = std::move(workflow_id);
    target.run_id = std::move(run_id);
    return target;
}

/// A call with the client's own timeout and what `with` set.
inline CallSpec spec_of(const RpcContext& context, std::string method, std::string body) {
    CallSpec spec;
    spec.method = std::move(method);
    spec.body = std::move(body);
    const auto usual = context.options.timeout.value_or(context.rpc_timeout);
    spec.timeout = limit_of(context, usual);
    spec.metadata = context.options.metadata;
    spec.stop = context.options.stop_token;
    if (const auto& retry = context.options.retry_policy) {
        spec.backoff = BackoffPolicy{
            .first = retry->initial_interval,
            .factor = retry->backoff_coefficient,
            .longest = retry->maximum_interval
        };
        spec.maximum_attempts = retry->maximum_attempts;
    }
    return spec;
}

/// A method of the workflow service, whose payloads are encoded on the way.
template <class Request>
    requires(!std::is_convertible_v<const Request&, std::string>)
CallSpec spec_of(const RpcContext& context, std::string method, const Request& request) {
    CallSpec spec = spec_of(context, std::move(method), request.SerializeAsString());
    spec.coded_as = &Request::default_instance();
    return spec;
}

/// Makes a call and parses its answer.
/// @param done  gets `Result<Response, RpcFailure>` on a thread of the channel or pool; neither
/// throws nor blocks.
template <class Response, class Done>
void rpc(const RpcContext& context, CallSpec spec, Done done) {
    const std::string method = spec.method;
    coded_call(
        context.calls,
        std::move(spec),
        Response::default_instance(),
        [done = std::move(done), method](RpcAnswer answer) mutable {
            using Parsed = Result<Response, RpcFailure>;
            if (!answer) {
                done(Parsed{failure(std::move(answer).error())});
                return;
            }
            Response response;
            if (!response.ParseFromString(*answer)) {
                done(Parsed{failure(RpcFailure{
                    .code = RpcCode::Internal,
                    .message = "the answer to " + method + " is no message of its type"
                })});
                return;
            }
            done(Parsed{std::move(response)});
        }
    );
}

/// A call of one request and one answer, as a Future of what `convert` makes of the answer.
template <class T, class Response, class Convert>
Future<T> unary(const RpcContextPtr& context, CallTarget target, CallSpec spec, Convert convert) {
    const Settling<T> settling{context->calls.pool};
    rpc<Response>(
        *context,
        std::move(spec),
        [settling,
         target = std::move(target),
         convert = std::move(convert)](Result<Response, RpcFailure> response) {
            if (!response) {
                settling.fail(to_exception(target, response.error()));
                return;
            }
            try {
                if constexpr (std::is_void_v<T>) {
                    convert(std::move(*response));
                    settling.succeed();
                } else {
                    settling.succeed(convert(std::move(*response)));
                }
            } catch (...) {  // it is the caller's answer
                settling.fail(std::current_exception());
            }
        }
    );
    return settling.future();
}

}  // namespace hourglass::client
