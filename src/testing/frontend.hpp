#pragma once

#include "src/core/connection.hpp"
#include "src/core/served_call.hpp"

#include "temporal/api/history/v1/message.pb.h"
#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

namespace hourglass::testing {

/// How a worker answered a workflow task: with commands, with why it failed, or with what a query
/// asked for.
using TaskAnswer = std::variant<
    temporal::api::workflowservice::v1::RespondWorkflowTaskCompletedRequest,
    temporal::api::workflowservice::v1::RespondWorkflowTaskFailedRequest,
    temporal::api::workflowservice::v1::RespondQueryTaskCompletedRequest>;

/// A workflow task for a worker.
struct TaskOffer {
    /// The queue to hand it out on: one that workers share, or a worker's own.
    std::string queue;
    /// As a poll is to be answered; the token is the frontend's.
    temporal::api::workflowservice::v1::PollWorkflowTaskQueueResponse task;
    /// All events of the run, for a worker that does not know it; in use until the task is
    /// answered.
    std::function<temporal::api::history::v1::History()> whole_history;
    /// Runs once, unless the task is withdrawn. It may hand out the next task, and no more: it may
    /// not block.
    /// @threads Core's.
    std::function<void(TaskAnswer)> answered;
};

/// What workers find in place of a server, in their own process: it hands out the workflow tasks
/// that it is given, and takes the answers. It knows no executions, has no thread, and never waits:
/// a poll that finds no task is put aside until there is one. Polls for activities and Nexus tasks
/// find none, ever; what a server of tests has no use for is UNIMPLEMENTED.
/// @threads any.
class Frontend : public std::enable_shared_from_this<Frontend> {
public:
    /// Connects to this frontend, which lives as long as the connection.
    [[nodiscard]] core::Connect connector();

    /// Hands the task to a poll that waits on its queue, or to the next that comes.
    /// @returns its token.
    std::uint64_t offer(TaskOffer offer);
    /// Nobody waits for the answer any more. One that is under way may still come.
    void withdraw(std::uint64_t token);

private:
    struct Poll {
        std::string worker;  // which instance
        core::ServedCall call;
    };

    void serve(core::ServedCall call, const core::ServedRequest& request);
    void poll(core::ServedCall call, std::string_view body);
    template <class Request>
    void put_aside(core::ServedCall call, std::string_view body);
    /// Puts the poll aside where `where` says, or ends it if its worker has shut down.
    template <class Where>
    void keep(Poll poll, Where where);
    static void end(Poll& poll);
    void history(core::ServedCall& call, std::string_view body);
    template <class Request, class Response>
    void take_answer(core::ServedCall& call, std::string_view body);
    void end_polls(core::ServedCall& call, std::string_view body);
    /// Answers polls of the queue with its tasks, as long as there are both.
    void match(const std::string& queue);

    std::mutex mutex_;  // a leaf: no callback runs under it
    std::uint64_t last_token_ = 0;
    std::map<std::string, std::deque<Poll>> polls_;  // by queue
    std::map<std::string, std::deque<std::uint64_t>> waiting_;
    std::unordered_map<std::uint64_t, TaskOffer> offers_;
    std::deque<Poll> idle_;        // polls that find nothing, ever
    std::set<std::string> ended_;  // workers that have shut down
};

}  // namespace hourglass::testing
