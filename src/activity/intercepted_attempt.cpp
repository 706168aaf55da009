// An attempt with interceptors around its body.

#include "hourglass/activity/interceptor.hpp"
#include "src/activity/attempt.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"

#include <exception>
#include <optional>
#include <utility>
#include <variant>

namespace hourglass::activity {

void Attempt::begin_intercepted(std::shared_ptr<const Definition> definition) {
    // Kept for a process: what it is to get is compared with what it would get.
    ExecuteActivityCall call{isolated_ ? arguments_ : std::move(arguments_), info().headers};
    body_.emplace(through(0, std::move(definition), std::move(call)));
    // As in `begin`: it may be over at any time.
    body_->start([this] { body_ended(); });
}

// The attempt outlives its body, which holds all of this: so `this` is enough.
Task<Payload> Attempt::through(
    std::size_t index, std::shared_ptr<const Definition> definition, ExecuteActivityCall call
) {
    if (index == interceptors().size()) {
        return isolated_ ? run_isolated_body(std::move(call))
                         : run_body(std::move(definition), std::move(call));
    }
    auto rest = [this, index, definition](ExecuteActivityCall passed) {
        return through(index + 1, definition, std::move(passed));
    };
    return interceptors()[index]->execute_activity(std::move(call), std::move(rest));
}

Task<Payload> Attempt::run_body(
    std::shared_ptr<const Definition> definition, ExecuteActivityCall call
) {
    replace_headers(call.headers);
    Outcome outcome = definition->invoke(call.arguments, objects_);
    if (auto* const result = std::get_if<Payload>(&outcome)) {
        co_return std::move(*result);
    }
    Task<Payload> body = std::move(std::get<Task<Payload>>(outcome));
    Payload result = co_await std::move(body);
    co_return result;
}

// Awaits nothing: this thread waits for the process.
Task<Payload> Attempt::run_isolated_body(ExecuteActivityCall call) {
    co_return isolated_result(std::move(call));
}

Payload Attempt::isolated_result(ExecuteActivityCall call) {
    // Again, because an interceptor may have run the body before. The process would be told too,
    // but only after its order, when the body may have begun.
    if (is_cancelled()) {
        throw_cancelled();
    }
    if (call.arguments != arguments_ || call.headers != info().headers) {
        isolated_->replace(call.arguments, call.headers);
        replace_headers(call.headers);
        arguments_ = std::move(call.arguments);
    }
    ExecutionResult result = run_in_process();
    if (result.has_completed()) {
        return convert::from_proto(std::move(*result.mutable_completed()->mutable_result()));
    }
    // To its interceptors it is what the body would have thrown here.
    std::exception_ptr error;
    if (result.has_will_complete_async()) {
        error = std::make_exception_ptr(detail::WillCompleteAsync{});
    } else {
        error = convert::from_failure(
            result.has_failed() ? result.failed().failure() : result.cancelled().failure()
        );
    }
    isolated_end_ = IsolatedEnd{error, std::move(result)};
    std::rethrow_exception(error);
}

}  // namespace hourglass::activity
