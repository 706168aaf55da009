#include "src/testing/frontend.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace hourglass::testing {
namespace {

namespace service = temporal::api::workflowservice::v1;

constexpr int kInvalidArgument = 3;
constexpr int kNotFound = 5;
constexpr int kUnimplemented = 12;

/// Core has given up a call whose answer it does not take: nothing is to be done about that.
void answer(core::ServedCall& call, const google::protobuf::MessageLite& response) {
    static_cast<void>(call.answer(response.SerializeAsString()));
}

void fail(core::ServedCall& call, int code, std::string_view why) {
    static_cast<void>(call.fail(code, why));
}

template <class Request>
std::optional<Request> parsed(core::ServedCall& call, std::string_view body) {
    Request request;
    if (!request.ParseFromArray(body.data(), static_cast<int>(body.size()))) {
        fail(call, kInvalidArgument, "the request is no message of its type");
        return std::nullopt;
    }
    return request;
}

service::GetSystemInfoResponse system_info() {
    service::GetSystemInfoResponse response;
    response.set_server_version("in-process");
    auto& capabilities = *response.mutable_capabilities();
    capabilities.set_signal_and_query_header(true);
    capabilities.set_internal_error_differentiation(true);
    capabilities.set_activity_failure_include_heartbeat(true);
    capabilities.set_encoded_failure_attributes(true);
    capabilities.set_upsert_memo(true);
    capabilities.set_sdk_metadata(true);
    return response;
}

/// Without the abilities that would make a worker poll or report more than it has to.
service::DescribeNamespaceResponse namespace_named(const std::string& name) {
    service::DescribeNamespaceResponse response;
    response.mutable_namespace_info()->set_name(name);
    response.mutable_namespace_info()->set_id(name);
    response.mutable_namespace_info()->set_state(
        temporal::api::enums::v1::NAMESPACE_STATE_REGISTERED
    );
    return response;
}

std::uint64_t token_of(std::string_view text) {
    std::uint64_t token = 0;
    std::from_chars(text.data(), text.data() + text.size(), token);
    return token;
}

}  // namespace

core::Connect Frontend::connector() {
    return [self = shared_from_this(
            )](std::shared_ptr<core::Runtime> runtime,
               const core::ConnectOptions& options,
               core::Callback<core::ConnectResult> callback) {
        core::Connection::connect_in_process(
            std::move(runtime),
            options,
            [self](core::ServedCall call, const core::ServedRequest& request) {
                self->serve(std::move(call), request);
            },
            std::move(callback)
        );
    };
}

std::uint64_t Frontend::offer(TaskOffer offer) {
    const std::string queue = offer.queue;
    std::uint64_t token = 0;
    {
        const std::lock_guard lock{mutex_};
        token = ++last_token_;
        offer.task.set_task_token(std::to_string(token));
        offers_.emplace(token, std::move(offer));
        waiting_[queue].push_back(token);
    }
    match(queue);
    return token;
}

void Frontend::withdraw(std::uint64_t token) {
    TaskOffer withdrawn;  // ends after the lock
    const std::lock_guard lock{mutex_};
    if (const auto found = offers_.find(token); found != offers_.end()) {
        withdrawn = std::move(found->second);
        offers_.erase(found);
    }
}

void Frontend::match(const std::string& queue) {
    while (true) {
        std::optional<Poll> poll;
        std::uint64_t token = 0;
        std::string task;
        {
            const std::lock_guard lock{mutex_};
            auto& polls = polls_[queue];
            auto& tokens = waiting_[queue];
            while (!tokens.empty() && !offers_.contains(tokens.front())) {
                tokens.pop_front();  // withdrawn
            }
            if (polls.empty() || tokens.empty()) {
                return;
            }
            poll = std::move(polls.front());
            polls.pop_front();
            token = tokens.front();
            tokens.pop_front();
            task = offers_.at(token).task.SerializeAsString();
        }
        if (!poll->call.answer(task)) {
            // Core has given up that poll: the task is for the next.
            const std::lock_guard lock{mutex_};
            waiting_[queue].push_front(token);
        }
    }
}

void Frontend::serve(core::ServedCall call, const core::ServedRequest& request) {
    const std::string_view method = request.method;
    if (method == "PollWorkflowTaskQueue") {
        poll(std::move(call), request.body);
    } else if (method == "PollActivityTaskQueue") {
        put_aside<service::PollActivityTaskQueueRequest>(std::move(call), request.body);
    } else if (method == "PollNexusTaskQueue") {
        put_aside<service::PollNexusTaskQueueRequest>(std::move(call), request.body);
    } else if (method == "RespondWorkflowTaskCompleted") {
        take_answer<
            service::RespondWorkflowTaskCompletedRequest,
            service::RespondWorkflowTaskCompletedResponse>(call, request.body);
    } else if (method == "RespondWorkflowTaskFailed") {
        take_answer<
            service::RespondWorkflowTaskFailedRequest,
            service::RespondWorkflowTaskFailedResponse>(call, request.body);
    } else if (method == "RespondQueryTaskCompleted") {
        take_answer<
            service::RespondQueryTaskCompletedRequest,
            service::RespondQueryTaskCompletedResponse>(call, request.body);
    } else if (method == "GetWorkflowExecutionHistory") {
        history(call, request.body);
    } else if (method == "ShutdownWorker") {
        end_polls(call, request.body);
    } else if (method == "GetSystemInfo") {
        answer(call, system_info());
    } else if (method == "DescribeNamespace") {
        if (const auto asked = parsed<service::DescribeNamespaceRequest>(call, request.body)) {
            answer(call, namespace_named(asked->namespace_()));
        }
    } else if (method == "RecordWorkerHeartbeat") {
        answer(call, service::RecordWorkerHeartbeatResponse{});
    } else {
        fail(
            call,
            kUnimplemented,
            "the in-process frontend of tests does not serve " + std::string{method}
        );
    }
}

void Frontend::poll(core::ServedCall call, std::string_view body) {
    const auto request = parsed<service::PollWorkflowTaskQueueRequest>(call, body);
    if (!request) {
        return;
    }
    const std::string& queue = request->task_queue().name();
    keep({request->worker_instance_key(), std::move(call)}, [&]() -> auto& {
        return polls_[queue];
    });
    match(queue);
}

template <class Request>
void Frontend::put_aside(core::ServedCall call, std::string_view body) {
    if (const auto request = parsed<Request>(call, body)) {
        keep({request->worker_instance_key(), std::move(call)}, [this]() -> auto& {
            return idle_;
        });
    }
}

template <class Where>
void Frontend::keep(Poll poll, Where where) {
    {
        const std::lock_guard lock{mutex_};
        if (!ended_.contains(poll.worker)) {
            where().push_back(std::move(poll));
            return;
        }
    }
    end(poll);
}

void Frontend::end(Poll& poll) {
    static_cast<void>(poll.call.answer({}));  // nothing, whichever kind of task it is
}

void Frontend::history(core::ServedCall& call, std::string_view body) {
    const auto request = parsed<service::GetWorkflowExecutionHistoryRequest>(call, body);
    if (!request) {
        return;
    }
    std::function<temporal::api::history::v1::History()> whole;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [token, offer] : offers_) {
            if (offer.task.workflow_execution().run_id() == request->execution().run_id()) {
                whole = offer.whole_history;
            }
        }
    }
    if (!whole) {
        fail(call, kNotFound, "no task of this run is under way");
        return;
    }
    service::GetWorkflowExecutionHistoryResponse response;
    *response.mutable_history() = whole();
    answer(call, response);
}

template <class Request, class Response>
void Frontend::take_answer(core::ServedCall& call, std::string_view body) {
    auto request = parsed<Request>(call, body);
    if (!request) {
        return;
    }
    std::function<void(TaskAnswer)> answered;
    {
        const std::lock_guard lock{mutex_};
        const auto found = offers_.find(token_of(request->task_token()));
        if (found != offers_.end()) {
            answered = std::move(found->second.answered);
            offers_.erase(found);
        }
    }
    if (!answered) {
        fail(call, kNotFound, "the workflow task was answered before, or is not waited for");
        return;
    }
    answer(call, Response{});
    answered(*std::move(request));
}

void Frontend::end_polls(core::ServedCall& call, std::string_view body) {
    const auto request = parsed<service::ShutdownWorkerRequest>(call, body);
    if (!request) {
        return;
    }
    std::deque<Poll> ended;
    {
        const std::lock_guard lock{mutex_};
        ended_.insert(request->worker_instance_key());
        const auto take = [&](std::deque<Poll>& polls) {
            std::deque<Poll> others;
            for (Poll& poll : polls) {
                const bool its = poll.worker == request->worker_instance_key();
                (its ? ended : others).push_back(std::move(poll));
            }
            polls = std::move(others);
        };
        take(idle_);
        for (auto& [queue, polls] : polls_) {
            take(polls);
        }
    }
    for (Poll& poll : ended) {
        end(poll);
    }
    answer(call, service::ShutdownWorkerResponse{});
}

}  // namespace hourglass::testing
