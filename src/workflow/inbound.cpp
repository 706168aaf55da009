#include "src/workflow/inbound.hpp"

#include "hourglass/workflow/logger.hpp"
#include "src/workflow/prepare_signal.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

namespace {

// An interceptor that drops a signal gives nothing to run; the one around it may await what it
// gets.
Task<void> nothing() {
    co_return;
}

template <class R>
R runnable(R rest) {
    if constexpr (std::is_same_v<R, Task<void>>) {
        return rest.valid() ? std::move(rest) : nothing();
    } else {
        return rest;
    }
}

}  // namespace

template <class Call, class R>
R Engine::Inbound::through(std::size_t index, Hook<Call, R> hook, Last<Call, R> last, Call call)
    const {
    if (index == engine_->interceptors_.size()) {
        return last(engine_, std::move(call));
    }
    auto rest = [inbound = *this, index, hook, last](Call passed) -> R {
        return inbound.through(index + 1, hook, last, std::move(passed));
    };
    WorkflowInterceptor& interceptor = *engine_->interceptors_[index];
    if constexpr (std::is_void_v<R>) {
        (interceptor.*hook)(std::move(call), std::move(rest));
    } else {
        return runnable((interceptor.*hook)(std::move(call), std::move(rest)));
    }
}

Task<Payload> Engine::Inbound::execute(Engine* engine, Payloads arguments) {
    ExecuteWorkflowCall call;
    call.arguments = std::move(arguments);
    call.headers = engine->info().headers;
    Task<Payload> chain = Inbound{*engine}.through(
        0, &WorkflowInterceptor::execute, &Inbound::run_method, std::move(call)
    );
    Payload result = co_await std::move(chain);
    co_return result;
}

Task<Payload> Engine::Inbound::run_method(Engine* engine, ExecuteWorkflowCall call) {
    return engine->definition_.run(engine->instance_.get(), std::move(call.arguments));
}

Task<void> Engine::Inbound::signal(WaitingMessage message) const {
    HandleSignalCall call{
        std::move(message.name), std::move(message.arguments), std::move(message.headers)
    };
    return through(
        0, &WorkflowInterceptor::handle_signal, &Inbound::signal_handler, std::move(call)
    );
}

// A coroutine even for a handler that is none, so that whoever calls it can await it.
Task<void> Engine::Inbound::signal_handler(Engine* engine, HandleSignalCall call) {
    const auto entry = engine->signal_handler(call.name);
    if (!entry) {  // the name that came had one
        logger().error(
            "an interceptor gave a signal a name that the workflow has no handler for; it is "
            "dropped",
            {{"signal", call.name}}
        );
        co_return;
    }
    SignalCall handler = prepare_signal(entry.handler, call.name, std::move(call.arguments));
    if (!handler) {
        co_return;
    }
    Task<void> rest = handler(engine->instance_.get());
    if (rest.valid()) {
        co_await std::move(rest);
    }
}

Payload Engine::Inbound::query(HandleQueryCall call) const {
    return through(0, &WorkflowInterceptor::handle_query, &Inbound::query_handler, std::move(call));
}

Payload Engine::Inbound::query_handler(Engine* engine, HandleQueryCall call) {
    return engine->call_query_handler(call);
}

void Engine::Inbound::validate(const UpdateJob& update) const {
    HandleUpdateCall call = update;
    through(0, &WorkflowInterceptor::validate_update, &Inbound::validator, std::move(call));
}

void Engine::Inbound::validator(Engine* engine, HandleUpdateCall call) {
    engine->prepare_update(call)->validate(engine->instance_.get());
}

Task<Payload> Engine::Inbound::update(const UpdateJob& update) const {
    HandleUpdateCall call = update;
    return through(
        0, &WorkflowInterceptor::handle_update, &Inbound::update_handler, std::move(call)
    );
}

// A coroutine, to hold what the handler's own may point to: the object of its call.
Task<Payload> Engine::Inbound::update_handler(Engine* engine, HandleUpdateCall call) {
    const std::unique_ptr<UpdateCall> prepared = engine->prepare_update(call);
    Task<Payload> handler = prepared->start(engine->instance_.get());
    Payload result = co_await std::move(handler);
    co_return result;
}

}  // namespace hourglass::workflow
