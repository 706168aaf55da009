// The calls that interceptors stand around: each goes through them, and is sent at the end.

#include "hourglass/base/error.hpp"
#include "hourglass/client/future_ops.hpp"
#include "src/client/backend.hpp"
#include "src/client/operations.hpp"

#include <exception>
#include <utility>

namespace hourglass::client {
namespace {

/// What a Future of it fails with.
template <class R>
struct FailedWith;
template <class T>
struct FailedWith<Future<T>> {
    static Future<T> make(std::exception_ptr error) { return failed_future<T>(std::move(error)); }
};

}  // namespace

template <class Call, class R>
R RpcBackend::through(std::size_t index, Hook<Call, R> hook, Last<Call, R> last, Call call) {
    const auto& interceptors = context_->interceptors;
    if (index == interceptors.size()) {
        return (this->*last)(std::move(call));
    }
    try {
        // The rest may be called later, when nobody holds this backend any more.
        const auto rest = [context = context_, index, hook, last](Call passed) {
            RpcBackend backend{context};
            return backend.through(index + 1, hook, last, std::move(passed));
        };
        R answer = (interceptors[index].get()->*hook)(std::move(call), rest);
        if (!answer.valid()) {
            throw Error{
                "a ClientInterceptor returned a Future that belongs to no operation; return what "
                "next() gives, or the Future of a Promise"
            };
        }
        return answer;
    } catch (...) {  // it is the caller's answer
        return FailedWith<R>::make(std::current_exception());
    }
}

Future<detail::ExecutionRef> RpcBackend::start(StartWorkflowCall call) {
    return through(0, &ClientInterceptor::start_workflow, &RpcBackend::send, std::move(call));
}

Future<detail::ExecutionRef> RpcBackend::signal_with_start(SignalWithStartCall call) {
    return through(0, &ClientInterceptor::signal_with_start, &RpcBackend::send, std::move(call));
}

Future<StartedWithUpdate> RpcBackend::update_with_start(UpdateWithStartCall call) {
    return through(0, &ClientInterceptor::update_with_start, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::signal(SignalWorkflowCall call) {
    return through(0, &ClientInterceptor::signal_workflow, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::query(QueryWorkflowCall call) {
    return through(0, &ClientInterceptor::query_workflow, &RpcBackend::send, std::move(call));
}

Future<detail::UpdateRef> RpcBackend::start_update(UpdateWorkflowCall call) {
    return through(0, &ClientInterceptor::update_workflow, &RpcBackend::send, std::move(call));
}

Future<Payloads> RpcBackend::update(UpdateWorkflowCall call) {
    if (context_->interceptors.empty()) {
        return outcome_of(std::move(call));
    }
    const Deadline deadline{limit_of(*context_, call.options.timeout)};
    auto sent = through(
        0, &ClientInterceptor::update_workflow, &RpcBackend::send_and_wait, std::move(call)
    );
    // An interceptor may give another update than one that has ended. The wait for that one has
    // what its caller's timeout has left, and not one of its own.
    return detail::chain(std::move(sent), [context = context_, deadline](detail::UpdateRef update) {
        return RpcBackend{context}.update_result(std::move(update), {.timeout = deadline.left()});
    });
}

Future<detail::UpdateRef> RpcBackend::send_and_wait(UpdateWorkflowCall call) {
    if (call.options.id.empty()) {
        call.options.id = new_uuid();
    }
    detail::UpdateRef update{.workflow = call.workflow, .id = call.options.id};
    return detail::map(outcome_of(std::move(call)), [update = std::move(update)](Payloads outcome) {
        Promise<Payloads> known;
        known.set_value(std::move(outcome));
        detail::UpdateRef ended = update;
        ended.outcome = known.future();
        return ended;
    });
}

Future<void> RpcBackend::cancel(detail::ExecutionRef target, std::string reason) {
    CancelWorkflowCall call{.workflow = std::move(target), .reason = std::move(reason)};
    return through(0, &ClientInterceptor::cancel_workflow, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::terminate(
    detail::ExecutionRef target, std::string reason, Payloads details
) {
    TerminateWorkflowCall call{
        .workflow = std::move(target), .reason = std::move(reason), .details = std::move(details)
    };
    return through(0, &ClientInterceptor::terminate_workflow, &RpcBackend::send, std::move(call));
}

Future<WorkflowDescription> RpcBackend::describe(detail::ExecutionRef target) {
    DescribeWorkflowCall call{.workflow = std::move(target)};
    return through(0, &ClientInterceptor::describe_workflow, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::create_schedule(
    std::string id, Schedule schedule, CreateScheduleOptions options
) {
    CreateScheduleCall call{
        .id = std::move(id), .schedule = std::move(schedule), .options = std::move(options)
    };
    return through(0, &ClientInterceptor::create_schedule, &RpcBackend::send, std::move(call));
}

Future<detail::ActivityRef> RpcBackend::start_activity(
    std::string type, StartActivityOptions options, Payloads arguments
) {
    StartActivityCall call{
        .type = std::move(type), .options = std::move(options), .arguments = std::move(arguments)
    };
    return through(0, &ClientInterceptor::start_activity, &RpcBackend::send, std::move(call));
}

}  // namespace hourglass::client
