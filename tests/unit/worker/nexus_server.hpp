#pragma once

#include "src/core/served_call.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::worker {

/// A server in the process that has Nexus requests for one worker, and keeps their answers.
/// @threads any.
class NexusServer : public std::enable_shared_from_this<NexusServer> {
public:
    using Task = temporal::api::workflowservice::v1::PollNexusTaskQueueResponse;

    [[nodiscard]] core::Serve serve() {
        return
            [self = shared_from_this()](core::ServedCall call, const core::ServedRequest& request) {
                self->handle(std::move(call), request);
            };
    }

    void offer(Task task) {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(task.SerializeAsString());
        match();
    }

    /// Lets the next poll fail in a way that Core does not try again by itself.
    void refuse_a_poll() {
        const std::lock_guard lock{mutex_};
        ++refusals_;
        match();
    }

    [[nodiscard]] int refused() const {
        const std::lock_guard lock{mutex_};
        return refused_;
    }

    /// "TOKEN RESULT" or "TOKEN ERROR_TYPE: message", in the order in which they came.
    [[nodiscard]] std::vector<std::string> answers() const {
        const std::lock_guard lock{mutex_};
        return answers_;
    }

private:
    static constexpr int kResourceExhausted = 8;
    static constexpr int kUnimplemented = 12;

    void handle(core::ServedCall call, const core::ServedRequest& request) {
        namespace service = temporal::api::workflowservice::v1;
        const std::lock_guard lock{mutex_};
        if (request.method == "PollNexusTaskQueue") {
            polls_.push_back(std::move(call));
            match();
        } else if (request.method == "RespondNexusTaskCompleted") {
            service::RespondNexusTaskCompletedRequest answer;
            answer.ParseFromString(std::string{request.body});
            answers_.push_back(
                answer.task_token() + " " +
                answer.response().start_operation().sync_success().payload().data()
            );
            static_cast<void>(call.answer(""));
        } else if (request.method == "RespondNexusTaskFailed") {
            service::RespondNexusTaskFailedRequest answer;
            answer.ParseFromString(std::string{request.body});
            answers_.push_back(
                answer.task_token() + " " + answer.failure().nexus_handler_failure_info().type() +
                ": " + answer.failure().message()
            );
            static_cast<void>(call.answer(""));
        } else if (request.method == "ShutdownWorker") {
            ended_ = true;
            match();
            static_cast<void>(call.answer(""));
        } else if (request.method == "GetSystemInfo" || request.method == "RecordWorkerHeartbeat") {
            static_cast<void>(call.answer(""));
        } else {
            static_cast<void>(call.fail(kUnimplemented, "only Nexus tasks are served here"));
        }
    }

    void match() {
        while (!polls_.empty() && refused_ < refusals_) {
            if (polls_.front().fail(kResourceExhausted, "grpc: received message larger than max")) {
                ++refused_;
            }
            polls_.pop_front();
        }
        while (!polls_.empty() && (ended_ || !tasks_.empty())) {
            core::ServedCall poll = std::move(polls_.front());
            polls_.pop_front();
            // One that Core has given up takes nothing.
            if (poll.answer(tasks_.empty() ? std::string_view{} : tasks_.front()) &&
                !tasks_.empty()) {
                tasks_.pop_front();
            }
        }
    }

    mutable std::mutex mutex_;
    std::deque<core::ServedCall> polls_;
    std::deque<std::string> tasks_;
    std::vector<std::string> answers_;
    int refusals_ = 0;
    int refused_ = 0;
    bool ended_ = false;
};

}  // namespace hourglass::worker
