#include "src/core/reaper.hpp"

#include "src/core/reaper_answers.hpp"
#include "src/core/trampoline.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/nexus/nexus.pb.h"
#include "temporal/sdk/core/workflow_activation/workflow_activation.pb.h"

#include <atomic>
#include <utility>

namespace hourglass::core {
namespace {

template <class Message>
bool parse(Message& message, std::string_view bytes) {
    return message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

constexpr int kMaxFailedPolls = 1000;

bool only_evicts(const coresdk::workflow_activation::WorkflowActivation& activation) {
    return activation.jobs_size() == 1 && activation.jobs(0).has_remove_from_cache();
}

}  // namespace

/// One reaping. The callbacks that it has under way keep it alive.
class Reaper::Job : public std::enable_shared_from_this<Job> {
public:
    Job(ReapOrder order, UniqueFunction<void()> done)
        : order_{std::move(order)}, done_{std::move(done)} {}
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    /// The callbacks are gone: either all went well, or one of them could not go on.
    ~Job() {
        order_.worker.reset();
        try {
            done_();
        } catch (...) {
            report_escaped("the one that waits for a worker to be reaped");
        }
    }

    void run() {
        CoreWorker& worker = *order_.worker;
        worker.refuse_polls();
        // Its failure (a stale handle, say) is every poll's too, and ends the loops below.
        static_cast<void>(worker.initiate_shutdown());
        const Step all_begun{*this};
        for (const std::string& run_id : order_.run_ids) {
            complete_activation(failed_activation(run_id, order_.reason));
        }
        for (const std::string& token : order_.task_tokens) {
            forget_activity(token, [] {});
        }
        for (const std::string& token : order_.nexus_tokens) {
            refuse_nexus(token);
        }
        for (const TaskType type : {TaskType::Workflow, TaskType::Activity, TaskType::Nexus}) {
            poll(type);
        }
    }

private:
    /// Something that has to end before the worker is finalized.
    class Step {
    public:
        explicit Step(Job& job) : job_{job.shared_from_this()} { ++job_->open_; }
        Step(Step&& other) noexcept = default;
        Step& operator=(Step&&) = delete;
        ~Step() {
            if (job_ && --job_->open_ == 0) {
                job_->finalize();
            }
        }

    private:
        std::shared_ptr<Job> job_;
    };

    VoidCallback step() {
        return [step = Step{*this}](const VoidResult&) {};
    }

    void poll(TaskType type) {
        order_.worker->taken_over_poll(
            type,
            [self = shared_from_this(), type, step = Step{*this}](BytesResult polled) {
                if (polled) {
                    self->answer(type, std::move(*polled));
                    self->poll(type);
                } else if (self->goes_on_after(polled.error().status)) {
                    self->poll(type);
                }
            }
        );
    }

    /// Core ends a worker only when each of its polls has said Shutdown, so an error of one poll
    /// (the server refuses it, say) is no reason to stop polling. The limit is for a Core that does
    /// not come to an end at all.
    bool goes_on_after(Status status) {
        const bool over = status == Status::Shutdown || status == Status::StaleHandle;
        return !over && ++failed_polls_ < kMaxFailedPolls;
    }

    void answer(TaskType type, OwnedBytes task) {
        switch (type) {
            case TaskType::Workflow:
                return answer_activation(task.view());
            case TaskType::Activity:
                return answer_activity(std::move(task));
            case TaskType::Nexus:
                return answer_nexus(task.view());
        }
    }

    void answer_activation(std::string_view bytes) {
        coresdk::workflow_activation::WorkflowActivation activation;
        if (!parse(activation, bytes)) {
            return;
        }
        complete_activation(
            only_evicts(activation) ? empty_completion(activation.run_id())
                                    : failed_activation(activation.run_id(), order_.reason)
        );
    }

    void answer_activity(OwnedBytes bytes) {
        coresdk::activity_task::ActivityTask task;
        if (!parse(task, bytes.view()) || !task.has_start()) {
            return;
        }
        if (task.start().is_local() || !order_.on_activity) {
            fail_activity(task.task_token());
            return;
        }
        forget_activity(
            task.task_token(),
            [self = shared_from_this(), bytes = std::move(bytes)]() mutable {
                self->order_.on_activity(std::move(bytes));
            }
        );
    }

    void answer_nexus(std::string_view bytes) {
        coresdk::nexus::NexusTask task;
        if (parse(task, bytes) && task.has_task()) {
            refuse_nexus(task.task().task_token());
        }
    }

    void refuse_nexus(const std::string& token) {
        order_.worker->complete_nexus_task(unavailable_nexus(token, order_.reason), step());
    }

    void complete_activation(const std::string& completion) {
        order_.worker->complete_workflow_activation(completion, step());
    }

    void forget_activity(const std::string& token, UniqueFunction<void()> forgotten) {
        order_.worker->complete_activity_task(
            activity_completed_elsewhere(token),
            [self = shared_from_this(),
             token,
             forgotten = std::move(forgotten),
             step = Step{*this}](const VoidResult& result) mutable {
                if (result) {
                    forgotten();
                } else if (result.error().status == Status::InvalidArgument) {
                    // A local activity: nobody but this worker could report it.
                    self->fail_activity(token);
                }
            }
        );
    }

    void fail_activity(const std::string& token) {
        order_.worker->complete_activity_task(failed_activity(token, order_.reason), step());
    }

    void finalize() {
        if (failed_polls_ >= kMaxFailedPolls) {
            return;  // it would wait for ever; the worker is torn off instead
        }
        order_.worker->finalize_shutdown([self = shared_from_this()](const VoidResult&) {});
    }

    ReapOrder order_;
    UniqueFunction<void()> done_;
    std::atomic<int> open_{0};
    std::atomic<int> failed_polls_{0};
};

void Reaper::reap(ReapOrder order, UniqueFunction<void()> done) {
    std::make_shared<Job>(std::move(order), std::move(done))->run();
}

}  // namespace hourglass::core
