#include "src/nexus/request.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/client/errors.hpp"
#include "hourglass/nexus/errors.hpp"
#include "src/base/fork.hpp"
#include "src/convert/failure_converter.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/nexus/backing_workflow.hpp"
#include "src/nexus/failure.hpp"

#include <cxxabi.h>

#include <chrono>
#include <utility>
#include <variant>

namespace hourglass::nexus {
namespace {

using coresdk::nexus::NexusTask;

Info info_from(
    const NexusTask& task, const std::string& namespace_name, const std::string& task_queue
) {
    const auto& request = task.task().request();
    Info info{
        .endpoint = task.endpoint(),
        .headers = {request.header().begin(), request.header().end()},
        .workflow_namespace = namespace_name,
        .task_queue = task_queue
    };
    if (request.has_start_operation()) {
        info.service = request.start_operation().service();
        info.operation = request.start_operation().operation();
        info.request_id = request.start_operation().request_id();
    } else {
        info.service = request.cancel_operation().service();
        info.operation = request.cancel_operation().operation();
    }
    if (task.has_request_deadline()) {
        info.request_deadline = convert::from_proto(task.request_deadline());
    }
    return info;
}

/// A client whose calls end with the request: nobody waits for what they would bring then.
client::RpcContextPtr within(
    const client::RpcContext& context, const detail::RequestState& request
) {
    auto bounded = std::make_shared<client::RpcContext>(context);
    bounded->options.stop_token = request.cancellation();
    if (const auto deadline = request.info().request_deadline) {
        bounded->options.deadline =
            std::chrono::steady_clock::now() + (*deadline - std::chrono::system_clock::now());
    }
    return bounded;
}

client::RpcContextPtr linked(
    const client::RpcContextPtr& context,
    const NexusTask& task,
    const std::shared_ptr<OutboundLinks>& links
) {
    if (!task.task().request().has_start_operation()) {
        return context;
    }
    auto linked = std::make_shared<client::RpcContext>(*context);
    linked->calls.channel = std::make_shared<LinkingChannel>(
        linked->calls.channel, task.task().request().start_operation(), links
    );
    return linked;
}

/// Whether an error says no more than that the handler has obeyed its cancellation.
bool is_obedience(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const CancelledError&) {
        return true;
    } catch (const CallCancelledError&) {
        return true;
    } catch (...) {
        return false;
    }
}

}  // namespace

std::shared_ptr<Request> Request::start(
    std::shared_ptr<const NexusTask> task,
    std::shared_ptr<const Services> services,
    Environment environment,
    Done done
) {
    // Not make_shared: the constructor is private.
    const std::shared_ptr<Request> request{
        new Request{std::move(task), std::move(services), std::move(environment), std::move(done)}
    };
    const bool posted = request->pool_->post({
        .label = request->info().service + "/" + request->info().operation,
        .run = [request] { request->run(); },
        .drop = [request] { request->answer(request->unavailable("the worker has stopped")); },
    });
    if (!posted) {
        request->answer(
            request->unavailable("the worker's pool is stopped, or the system gave it no thread")
        );
    }
    return request;
}

Request::Request(
    std::shared_ptr<const NexusTask> task,
    std::shared_ptr<const Services> services,
    Environment environment,
    Done done
)
    : RequestState{
          {.info =
               info_from(*task, environment.client->namespace_name, environment.task_queue),
           .worker_shutdown = std::move(environment.worker_shutdown),
           .metrics = std::move(environment.metrics)}
      },
      task_{std::move(task)},
      services_{std::move(services)},
      pool_{std::move(environment.pool)},
      interceptors_{std::move(environment.interceptors)},
      client_{within(*environment.client, *this)},
      done_{std::move(done)} {}

Request::~Request() {
    if (!done_) {
        return;  // nobody else has it any more: no lock
    }
    answer(unavailable("the request was dropped without an answer"));
}

bool Request::ended() const {
    const std::lock_guard lock{mutex_};
    return !done_;
}

client::RpcContextPtr Request::client() {
    std::call_once(linked_client_made_, [this] {
        linked_client_ = linked(client_, *task_, links_);
    });
    return *linked_client_;
}

void Request::run() {
    const detail::RequestScope scope{this};
    try {
        answer(reason() ? aborted() : handled());
    } catch (abi::__forced_unwind&) {
        // pthread_exit in the handler: the thread goes, the request is answered all the same.
        answer(unavailable("the handler has ended its thread"));
        throw;
    } catch (...) {
        answer_error(std::current_exception());
    }
}

void Request::answer_error(const std::exception_ptr& error) {
    try {
        answer(failed(error));
    } catch (...) {
        // An error that cannot be put into words, such as one whose `what()` is null.
        log::error(
            "the failure of a Nexus operation's handler could not be told",
            {{"service", info().service}, {"operation", info().operation}}
        );
        answer(unavailable("the handler failed, and its failure could not be told"));
    }
}

Request::Completion Request::handled() {
    const auto& request = task_->task().request();
    Completion completion = empty();
    if (request.has_start_operation()) {
        fill_start(completion);
    } else if (request.has_cancel_operation()) {
        const auto& cancel = request.cancel_operation();
        static_cast<void>(services_->find(cancel.service(), cancel.operation()));
        cancel_through(0, {.operation_token = cancel.operation_token(), .headers = info().headers});
        completion.mutable_completed()->mutable_cancel_operation();
    } else {
        throw HandlerError{
            "the request is neither one to start an operation nor one to cancel one",
            ErrorType::NotImplemented
        };
    }
    return completion;
}

void Request::fill_start(Completion& completion) {
    const auto& start = task_->task().request().start_operation();
    auto& response = *completion.mutable_completed()->mutable_start_operation();
    try {
        const Handler& handler = services_->find(start.service(), start.operation());
        auto started = start_through(
            0,
            handler,
            {.input = start.has_payload() ? convert::from_proto(start.payload()) : null_payload(),
             .headers = info().headers}
        );
        if (auto* const result = std::get_if<Payload>(&started)) {
            auto& over = *response.mutable_sync_success();
            convert::to_proto(std::move(*result), over.mutable_payload());
            *over.mutable_links() = links_->all();
            return;
        }
        auto& pending = std::get<PendingOperation>(started);
        if (pending.token.empty()) {
            throw Error{
                "an OperationInterceptor says that the operation goes on, and gives no token to "
                "cancel it by; return what next() gives, or a PendingOperation with a token"
            };
        }
        auto& goes_on = *response.mutable_async_success();
        goes_on.set_operation_token(std::move(pending.token));
        *goes_on.mutable_links() = links_->all();
    } catch (const OperationError& error) {
        to_operation_failure(error, response.mutable_failure());
    }
}

StartedOperation Request::start_through(
    std::size_t index, const Handler& handler, StartOperationCall call
) {
    if (index == interceptors_.size()) {
        return start_operation(handler, std::move(call));
    }
    // The handler is the services', which the request holds.
    const auto self = std::static_pointer_cast<Request>(shared_from_this());
    return interceptors_[index]->handle_nexus_start(
        std::move(call),
        [self, index, &handler](StartOperationCall passed) {
            return self->start_through(index + 1, handler, std::move(passed));
        }
    );
}

StartedOperation Request::start_operation(const Handler& handler, StartOperationCall call) {
    replace_headers(call.headers);
    auto said = handler(call.input);
    if (auto* const result = std::get_if<Payload>(&said)) {
        return std::move(*result);
    }
    auto& workflow = std::get<StartWorkflowCall>(said);
    if (!workflow.options.task_queue) {
        workflow.options.task_queue = info().task_queue;
    }
    // Shared, because a client's interceptor may keep it: the input in it may be large.
    const std::shared_ptr<const temporal::api::nexus::v1::StartOperationRequest> operation{
        task_, &task_->task().request().start_operation()
    };
    return start_backing_workflow(client_, std::move(workflow), operation, *links_);
}

void Request::cancel_through(std::size_t index, CancelOperationCall call) {
    if (index == interceptors_.size()) {
        replace_headers(call.headers);
        cancel_backing_workflow(client_, call.operation_token);
        return;
    }
    const auto self = std::static_pointer_cast<Request>(shared_from_this());
    interceptors_[index]->handle_nexus_cancel(
        std::move(call),
        [self, index](CancelOperationCall passed) {
            self->cancel_through(index + 1, std::move(passed));
        }
    );
}

Request::Completion Request::failed(const std::exception_ptr& error) const {
    if (reason() && is_obedience(error)) {
        return aborted();
    }
    log::warn(
        "the handler of a Nexus operation failed",
        {{"service", info().service},
         {"operation", info().operation},
         {"request_id", info().request_id},
         {"failure", hourglass::to_text(*as_failure(error))}}
    );
    Completion completion = empty();
    to_handler_failure(error, completion.mutable_failure());
    return completion;
}

Request::Completion Request::unavailable(const std::string& why) const {
    Completion completion = empty();
    convert::to_failure(HandlerError{why, ErrorType::Unavailable}, completion.mutable_failure());
    return completion;
}

Request::Completion Request::aborted() const {
    if (reason() == CancellationReason::WorkerShutdown) {
        // Somebody still waits: another worker may be asked at once.
        return unavailable("the worker stopped before the operation's handler was through");
    }
    Completion completion = empty();
    completion.set_ack_cancel(true);
    return completion;
}

Request::Completion Request::empty() const {
    Completion completion;
    completion.set_task_token(task_->task().task_token());
    return completion;
}

void Request::answer(Completion completion) noexcept {
    // Before the first lock: another thread of the parent may have held it.
    fork::ForkStays::check("a Nexus operation's handler", epoch_);
    Done done;
    {
        const std::lock_guard lock{mutex_};
        std::swap(done, done_);
    }
    if (!done) {
        return;
    }
    hand_on(std::move(done), std::move(completion));
}

void Request::hand_on(Done done, Completion completion) noexcept {
    try {
        try {
            done(std::move(completion));
        } catch (...) {
            log::error(
                "the answer of a Nexus operation's handler could not be handed on",
                {{"service", info().service}, {"operation", info().operation}}
            );
            // Whoever waits for it would do so for ever.
            done(unavailable("the handler's answer could not be handed on"));
        }
    } catch (...) {
        // Nothing is left to be tried.
    }
}

}  // namespace hourglass::nexus
