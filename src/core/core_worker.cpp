#include "src/core/core_worker.hpp"

#include "src/core/raw_worker_options.hpp"
#include "src/core/trampoline.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace hourglass::core {
namespace {

using PollFunction = void (*Bridge::*)(const HgWorker*, HgCallback, void*);

constexpr std::array<PollFunction, kTaskTypes> kPolls{
    &Bridge::worker_poll_workflow_activation,
    &Bridge::worker_poll_activity_task,
    &Bridge::worker_poll_nexus_task
};

BytesResult refused(Status status, std::string message) {
    return failure(CallError{.status = status, .message = std::move(message)});
}

}  // namespace

/// Who waits for which poll. Apart from the worker, so that an open poll does not keep it alive:
/// its destructor is what ends the poll when nobody else does.
struct CoreWorker::Lanes {
    struct Lane {
        BytesCallback waiting;
        bool polling = false;
    };

    void deliver_polled(TaskType type, BytesResult result) {
        BytesCallback callback;
        {
            const std::lock_guard lock{mutex};
            Lane& lane = of(type);
            lane.polling = false;
            if (!lane.waiting) {
                // Refused, and nobody has taken over yet: who does finds this.
                left[static_cast<std::size_t>(type)] = std::move(result);
                return;
            }
            callback = std::move(lane.waiting);
            ++delivering;
        }
        deliver(callback, std::move(result));
        {
            const std::lock_guard lock{mutex};
            --delivering;
        }
        delivered.notify_all();
    }

    Lane& of(TaskType type) { return lanes[static_cast<std::size_t>(type)]; }

    std::mutex mutex;
    std::array<Lane, kTaskTypes> lanes;
    std::array<std::optional<BytesResult>, kTaskTypes> left;
    bool refused = false;
    int delivering = 0;
    std::condition_variable delivered;
};

CoreWorker::CoreWorker(std::shared_ptr<const void> keep_alive, const Bridge& from, HgWorker* handle)
    : keep_alive_{std::move(keep_alive)},
      from_{from},
      handle_{handle},
      lanes_{std::make_shared<Lanes>()} {}

CoreWorker::~CoreWorker() {
    from_.worker_free(handle_);
}

Result<std::shared_ptr<CoreWorker>, CallError> CoreWorker::create(
    std::shared_ptr<Connection> connection, const WorkerOptions& options
) {
    const Bridge& from = connection->from();
    const RawWorkerOptions raw{options, from};
    HgWorker* handle = nullptr;
    auto made = adopt_void(from.worker_new(connection->handle(), raw.get(), &handle), from);
    if (!made) {
        return failure(std::move(made.error()));
    }
    return std::shared_ptr<CoreWorker>{new CoreWorker{std::move(connection), from, handle}};
}

void CoreWorker::validate(VoidCallback callback) {
    from_.worker_validate(handle_, &hg_cpp_void_done, into_user_data(std::move(callback), from_));
}

void CoreWorker::poll_workflow_activation(BytesCallback callback) {
    poll(TaskType::Workflow, std::move(callback));
}

void CoreWorker::poll_activity_task(BytesCallback callback) {
    poll(TaskType::Activity, std::move(callback));
}

void CoreWorker::poll_nexus_task(BytesCallback callback) {
    poll(TaskType::Nexus, std::move(callback));
}

void CoreWorker::poll(TaskType type, BytesCallback callback) {
    std::string refusal;
    Status status = Status::Shutdown;
    {
        const std::lock_guard lock{lanes_->mutex};
        auto& lane = lanes_->of(type);
        if (lanes_->refused) {
            refusal = "the worker was given up by its owner";
        } else if (lane.polling) {
            status = Status::InvalidArgument;
            refusal = "a poll of this kind is open; one at a time";
        } else {
            lane.waiting = std::move(callback);
            lane.polling = true;
        }
    }
    if (refusal.empty()) {
        begin_poll(type);
    } else {
        deliver(callback, refused(status, std::move(refusal)));
    }
}

void CoreWorker::begin_poll(TaskType type) {
    BytesCallback polled = [lanes = lanes_, type](BytesResult result) {
        lanes->deliver_polled(type, std::move(result));
    };
    const auto begin = from_.*kPolls[static_cast<std::size_t>(type)];
    begin(handle_, &hg_cpp_bytes_done, into_user_data(std::move(polled), from_));
}

void CoreWorker::refuse_polls() {
    std::array<BytesCallback, kTaskTypes> open;
    {
        std::unique_lock lock{lanes_->mutex};
        if (!std::exchange(lanes_->refused, true)) {
            for (std::size_t type = 0; type < open.size(); ++type) {
                open[type] = std::exchange(lanes_->lanes[type].waiting, nullptr);
            }
        }  // else what waits now belongs to whoever took over
        // No timeout: such a callback only posts, and never waits for this one.
        lanes_->delivered.wait(lock, [this] { return lanes_->delivering == 0; });
    }
    for (BytesCallback& callback : open) {
        if (callback) {
            deliver(callback, refused(Status::Shutdown, "the worker was given up by its owner"));
        }
    }
}

void CoreWorker::taken_over_poll(TaskType type, BytesCallback callback) {
    std::optional<BytesResult> left;
    bool begin = false;
    {
        const std::lock_guard lock{lanes_->mutex};
        left = std::exchange(lanes_->left[static_cast<std::size_t>(type)], std::nullopt);
        if (!left) {
            auto& lane = lanes_->of(type);
            lane.waiting = std::move(callback);
            begin = !std::exchange(lane.polling, true);
        }
    }
    if (left) {
        deliver(callback, std::move(*left));
    } else if (begin) {
        begin_poll(type);
    }
}

void CoreWorker::complete_workflow_activation(std::string_view completion, VoidCallback callback) {
    from_.worker_complete_workflow_activation(
        handle_, borrow(completion), &hg_cpp_void_done, into_user_data(std::move(callback), from_)
    );
}

void CoreWorker::complete_activity_task(std::string_view completion, VoidCallback callback) {
    from_.worker_complete_activity_task(
        handle_, borrow(completion), &hg_cpp_void_done, into_user_data(std::move(callback), from_)
    );
}

void CoreWorker::complete_nexus_task(std::string_view completion, VoidCallback callback) {
    from_.worker_complete_nexus_task(
        handle_, borrow(completion), &hg_cpp_void_done, into_user_data(std::move(callback), from_)
    );
}

Status CoreWorker::record_activity_heartbeat(std::string_view heartbeat) {
    const auto recorded =
        adopt_void(from_.worker_record_activity_heartbeat(handle_, borrow(heartbeat)), from_);
    return recorded ? Status::Ok : recorded.error().status;
}

VoidResult CoreWorker::request_workflow_eviction(std::string_view run_id) {
    return adopt_void(from_.worker_request_workflow_eviction(handle_, borrow(run_id)), from_);
}

VoidResult CoreWorker::initiate_shutdown() {
    return adopt_void(from_.worker_initiate_shutdown(handle_), from_);
}

void CoreWorker::finalize_shutdown(VoidCallback callback) {
    from_.worker_finalize_shutdown(
        handle_, &hg_cpp_void_done, into_user_data(std::move(callback), from_)
    );
}

VoidResult CoreWorker::replace_client(std::shared_ptr<Connection> connection) {
    if (&connection->from() != &from_) {
        return failure(of_another_build("connection"));
    }
    auto replaced = adopt_void(from_.worker_replace_client(handle_, connection->handle()), from_);
    if (replaced) {
        // Under the lock because two callers may replace at once; nobody else reads it.
        const std::lock_guard lock{lanes_->mutex};
        keep_alive_ = std::move(connection);
    }
    return replaced;
}

}  // namespace hourglass::core
