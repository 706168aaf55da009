#include "src/activity/isolation/isolated_run.hpp"

#include "hourglass/base/log.hpp"
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/object_file.hpp"
#include "src/convert/proto_payload.hpp"

#include "temporal/sdk/core/activity_task/activity_task.pb.h"
#include "temporal/sdk/core/core_interface.pb.h"

#include <utility>
#include <variant>

namespace hourglass::activity::isolation {
namespace {

Order with_body(Order order, const Definition::IsolatedBody& body) {
    order.run = body.run;
    order.memory_limit = body.bounds.memory_limit;
    order.object_file = object_file_of(reinterpret_cast<const void*>(body.run));
    return order;
}

log::Level lowest_enabled_level() {
    for (const auto level :
         {log::Level::Trace,
          log::Level::Debug,
          log::Level::Info,
          log::Level::Warn,
          log::Level::Error}) {
        if (log::enabled(level)) {
            return level;
        }
    }
    return log::Level::Off;
}

void write_to_log(const std::string& frame, const Process& process) {
    if (auto record = decode_record(frame)) {
        record->fields.push_back({"isolated_pid", std::to_string(process.pid())});
        log::write(record->level, std::move(record->message), std::move(record->fields));
    }
}

bool leaves_a_clean_process(const ExecutionResult& result) {
    // What an attempt at its limit has left behind may still be allocated.
    return result.failed().failure().application_failure_info().type() != kMemoryLimit;
}

}  // namespace

IsolatedRun::IsolatedRun(
    const Definition::IsolatedBody& body,
    Order order,
    std::shared_ptr<IdleProcesses> processes,
    std::shared_ptr<Timers> timers,
    std::shared_ptr<hourglass::detail::MetricRecorder> metrics
)
    : bounds_{body.bounds},
      order_{with_body(std::move(order), body)},
      processes_{std::move(processes)},
      timers_{std::move(timers)},
      metrics_{std::move(metrics)} {}

void IsolatedRun::replace(const Payloads& arguments, const Headers& headers) {
    coresdk::activity_task::Start start;
    if (!start.ParseFromString(order_.start)) {
        // As the process would say it.
        throw ApplicationError{
            "the order for an isolated activity cannot be read", {.type = "Order"}
        };
    }
    start.clear_input();
    convert::to_proto(arguments, start.mutable_input());
    start.clear_header_fields();
    convert::to_proto(headers, start.mutable_header_fields());
    order_.start = start.SerializeAsString();
}

ExecutionResult IsolatedRun::run(const Info& info, const std::function<void(Payloads)>& heartbeat) {
    auto taken = processes_->take();
    if (const auto* const failure = std::get_if<NoProcess>(&taken)) {
        return ended_by(
            std::make_exception_ptr(ApplicationError{failure->text, {.type = failure->type}}),
            std::nullopt,
            info
        );
    }
    auto process = std::move(std::get<std::unique_ptr<Process>>(taken));
    Order order = order_;
    order.log_level = lowest_enabled_level();
    order.measures = metrics_ != nullptr;
    if (process->channel().send(FrameKind::Order, encode(order)) == SendStatus::TooLarge) {
        processes_->put(std::move(process));
        return failed_with(
            "the arguments of isolated activity '" + info.activity_type +
                "' are too large to be handed to its process",
            kTooLarge
        );
    }
    attach(*process);
    auto result = read_frames(*process, heartbeat);
    detach();
    if (!result) {
        return ended_by(why_it_ended(*process, info.activity_type), std::nullopt, info);
    }
    if (leaves_a_clean_process(*result)) {
        processes_->put(std::move(process));
    }
    return *std::move(result);
}

std::optional<ExecutionResult> IsolatedRun::read_frames(
    Process& process, const std::function<void(Payloads)>& heartbeat
) {
    while (auto frame = process.channel().receive()) {
        if (frame->kind == FrameKind::Result) {
            ExecutionResult result;
            return result.ParseFromString(frame->body) ? std::optional{std::move(result)}
                                                       : std::nullopt;
        }
        if (frame->kind == FrameKind::Log) {
            write_to_log(frame->body, process);
        } else if (frame->kind == FrameKind::Measurement && metrics_) {
            if (const auto measured = decode_measurement(frame->body)) {
                metrics_->record(measured->instrument, measured->attributes, measured->value);
            }
        } else if (frame->kind == FrameKind::Heartbeat) {
            coresdk::ActivityHeartbeat beat;
            // Not of the attempt before, in the same process: a thread that its body left behind.
            if (beat.ParseFromString(frame->body) && beat.task_token() == order_.task_token) {
                heartbeat(convert::from_proto(std::move(*beat.mutable_details())));
            }
        }
    }
    return std::nullopt;
}

std::exception_ptr IsolatedRun::why_it_ended(Process& process, const std::string& activity) {
    const Process::End end = process.end();
    if (!end.notice) {
        const NoProcess gone = server_is_gone();
        return std::make_exception_ptr(ApplicationError{gone.text, {.type = gone.type}});
    }
    const std::lock_guard lock{mutex_};
    if (grace_is_over_) {
        return std::make_exception_ptr(ignored_cancellation(activity, process.pid(), bounds_));
    }
    if (end.killed) {
        return std::make_exception_ptr(lost(activity, process.pid()));
    }
    return std::make_exception_ptr(
        crashed(activity, process.pid(), end.notice->value, end.notice->text, bounds_)
    );
}

void IsolatedRun::attach(Process& process) {
    std::optional<std::uint64_t> begins;
    {
        const std::lock_guard lock{mutex_};
        process_ = &process;
        ++run_;
        grace_began_ = false;  // that was of the run before
        grace_is_over_ = false;
        if (worker_shuts_down_) {
            process.channel().send(FrameKind::WorkerShutdown, {});
        }
        if (cancellation_) {
            send_cancellation();
            begins = grace_begins();
        }
    }
    if (begins) {
        keep_grace(*begins);
    }
}

void IsolatedRun::detach() {
    std::optional<Timers::Id> timer;
    {
        const std::lock_guard lock{mutex_};
        process_ = nullptr;
        timer = std::exchange(grace_timer_, std::nullopt);
    }
    if (timer) {
        timers_->cancel(*timer);
    }
}

void IsolatedRun::cancel(const CancellationDetails& details) {
    std::optional<std::uint64_t> begins;
    {
        const std::lock_guard lock{mutex_};
        cancellation_ = details;
        if (process_ != nullptr) {
            send_cancellation();
            begins = grace_begins();
        }
    }
    if (begins) {
        keep_grace(*begins);
    }
}

void IsolatedRun::worker_shuts_down() {
    const std::lock_guard lock{mutex_};
    worker_shuts_down_ = true;
    if (process_ != nullptr) {
        process_->channel().send(FrameKind::WorkerShutdown, {});
    }
}

void IsolatedRun::send_cancellation() {
    // Small, and the process always reads: it does not block.
    process_->channel().send(FrameKind::Cancel, encode(*cancellation_));
}

std::optional<std::uint64_t> IsolatedRun::grace_begins() {
    return std::exchange(grace_began_, true) ? std::nullopt : std::optional{run_};
}

void IsolatedRun::keep_grace(std::uint64_t run) {
    const auto timer = timers_->after(bounds_.cancellation_grace, [weak = weak_from_this(), run] {
        const auto self = weak.lock();
        if (!self) {
            return;
        }
        const std::lock_guard lock{self->mutex_};
        if (self->process_ != nullptr && self->run_ == run) {
            self->grace_is_over_ = true;
            self->process_->kill();
        }
    });
    {
        const std::lock_guard lock{mutex_};
        if (process_ != nullptr && run_ == run) {
            grace_timer_ = timer;
            return;
        }
    }
    timers_->cancel(timer);  // the body has ended in between
}

}  // namespace hourglass::activity::isolation
