#include "src/activity/isolation/worker.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/convert/failures.hpp"
#include "src/activity/attempt.hpp"
#include "src/activity/isolation/crash_report.hpp"
#include "src/activity/isolation/failures.hpp"
#include "src/activity/isolation/frame.hpp"
#include "src/activity/isolation/memory_limit.hpp"
#include "src/activity/isolation/messages.hpp"
#include "src/activity/isolation/object_file.hpp"
#include "src/activity/thread_pool.hpp"
#include "src/activity/timers.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <unistd.h>
#include <utility>

namespace hourglass::activity::isolation {
namespace {

/// Sends what the program cannot do without. A process that it does not hear, because the body has
/// closed what was not its own, would look like one that works.
SendStatus send_or_end(Channel& channel, FrameKind kind, std::string_view body) {
    const SendStatus status = channel.send(kind, body);
    if (status == SendStatus::Closed) {
        ::_exit(EXIT_FAILURE);
    }
    return status;
}

/// Hands what the process logs to the program, whose log it belongs in.
class ChannelSink final : public log::Sink {
public:
    explicit ChannelSink(std::shared_ptr<Channel> channel) : channel_{std::move(channel)} {}

    void write(const log::Record& record) noexcept override {
        try {
            if (channel_->send(FrameKind::Log, encode(record)) == SendStatus::TooLarge) {
                channel_->send(
                    FrameKind::Log,
                    encode(log::Record{
                        log::Level::Warn,
                        record.time,
                        "a log record was too large to be handed on",
                        {}
                    })
                );
            }
        } catch (const std::bad_alloc&) {
            // At the memory limit a log line is what can be done without.
            return;
        }
    }

private:
    const std::shared_ptr<Channel> channel_;
};

/// Hands what the body measures to the program, whose metrics it belongs in.
class ChannelRecorder final : public hourglass::detail::MetricRecorder {
public:
    explicit ChannelRecorder(std::shared_ptr<Channel> channel) : channel_{std::move(channel)} {}

    void record(
        const hourglass::detail::MetricInstrument& instrument,
        const MetricAttributes& attributes,
        double value
    ) override {
        try {
            const auto frame = encode(Measured{instrument, attributes, value});
            if (channel_->send(FrameKind::Measurement, frame) == SendStatus::TooLarge) {
                log::error(
                    "a measurement is too large to be handed on", {{"metric", instrument.name}}
                );
            }
        } catch (const std::bad_alloc&) {
            // As a log line: what can be done without at the memory limit.
            return;
        }
    }

private:
    const std::shared_ptr<Channel> channel_;
};

/// Awaits the body, and says what std::bad_alloc means here. The limit is lifted before the result
/// or the failure is made of it, which takes memory too.
Task<Payload> within_limit(
    std::shared_ptr<MemoryLimit> limit,
    std::string activity,
    std::uint64_t bytes,
    Task<Payload> body
) {
    try {
        Payload result = co_await std::move(body);
        limit->lift();
        co_return result;
    } catch (const std::bad_array_new_length&) {
        limit->lift();
        throw;  // a size that no limit would have allowed
    } catch (const std::bad_alloc&) {
        limit->lift();
        throw memory_limit_reached(activity, bytes);
    }
}

Task<Payload> as_task(
    Outcome (*run)(const std::string&, const Payloads&), std::string activity, Payloads arguments
) {
    std::optional<Outcome> outcome;
    {
        const AlternateStack stack;  // of this thread: not across a suspension
        outcome.emplace(run(activity, arguments));
    }
    if (auto* const result = std::get_if<Payload>(&*outcome)) {
        co_return std::move(*result);
    }
    Task<Payload> body = std::move(std::get<Task<Payload>>(*outcome));
    Payload result = co_await std::move(body);
    co_return result;
}

Definition definition_of(const Order& order, const std::string& name) {
    Definition definition{.name = name};
    definition.invoke = [run = order.run, name, limit = order.memory_limit](
                            const Payloads& arguments, const Objects& /*none*/
                        ) -> Outcome {
        if (!limit) {
            const AlternateStack stack;
            return run(name, arguments);
        }
        return within_limit(
            std::make_shared<MemoryLimit>(*limit), name, *limit, as_task(run, name, arguments)
        );
    };
    return definition;
}

/// Whether this process has the code that the program means. It has not if the program loaded it
/// after the server was forked.
bool has_code(const Order& order) {
    const auto here = object_file_of(reinterpret_cast<const void*>(order.run));
    return !here.empty() && order.object_file == here;
}

class Worker {
public:
    explicit Worker(UniqueFd channel) : channel_{std::make_shared<Channel>(std::move(channel))} {
        log::set_sink(std::make_shared<ChannelSink>(channel_));
    }

    void run() {
        try {
            read_frames();
        } catch (const std::bad_alloc&) {
            if (!memory_limit_) {
                throw;
            }
            // The body has used up what this thread needs too. It runs on, so the process must go.
            MemoryLimit::lift_for_good();
            const Info& info = attempt_->info();
            finish(ended_by(
                std::make_exception_ptr(memory_limit_reached(info.activity_type, *memory_limit_)),
                std::nullopt,
                info
            ));
        }
    }

private:
    void read_frames() {
        while (auto frame = channel_->receive()) {
            if (frame->kind == FrameKind::Order) {
                begin(decode_order(frame->body));
            } else if (frame->kind == FrameKind::Cancel) {
                if (const auto details = decode_cancellation(frame->body); details && attempt_) {
                    attempt_->request_cancellation(*details);
                }
            } else if (frame->kind == FrameKind::WorkerShutdown) {
                worker_shutdown_.request_stop();
            }
        }
    }

    void begin(std::optional<Order> order) {
        {
            const std::lock_guard lock{finishing_};
            finished_ = false;
        }
        coresdk::activity_task::Start start;
        if (!order || !start.ParseFromString(order->start)) {
            return finish(failed_with("the order for an isolated activity cannot be read", "Order")
            );
        }
        if (!has_code(*order)) {
            return finish(failed_with(code_not_loaded_text(start.activity_type()), kNotLoaded));
        }
        memory_limit_ = order->memory_limit;
        log::set_level(order->log_level);
        worker_shutdown_ = std::stop_source{};
        Definitions definitions;
        definitions.add(definition_of(*order, start.activity_type()));
        attempt_ = Attempt::start(
            std::move(start),
            std::move(order->task_token),
            definitions,
            {},
            {
                .pool = pool_,
                .timers = timers_,
                .heartbeat =
                    [channel = channel_](const std::string& heartbeat) {
                        if (send_or_end(*channel, FrameKind::Heartbeat, heartbeat) ==
                            SendStatus::TooLarge) {
                            log::warn("a heartbeat's details are too large to be sent");
                        }
                    },
                .task_queue = std::move(order->task_queue),
                .client_namespace = std::move(order->client_namespace),
                .worker_shutdown = worker_shutdown_.get_token(),
                .metrics = order->measures ? std::make_shared<ChannelRecorder>(channel_) : nullptr,
            },
            [this](const ExecutionResult& result) { finish(result); }
        );
    }

    /// How the attempt ended, which the body and the thread that reads may both say.
    void finish(const ExecutionResult& result) {
        const std::lock_guard lock{finishing_};
        if (std::exchange(finished_, true)) {
            return;
        }
        // This process may be killed at any time from now on.
        std::fflush(nullptr);
        std::cout.flush();
        if (send_or_end(*channel_, FrameKind::Result, result.SerializeAsString()) ==
            SendStatus::TooLarge) {
            const auto refused = failed_with(
                "the result of an isolated activity has " + std::to_string(result.ByteSizeLong()) +
                    " bytes, at most " + std::to_string(kMaxFrameBytes) + " can be handed on",
                kTooLarge
            );
            send_or_end(*channel_, FrameKind::Result, refused.SerializeAsString());
        }
    }

    const std::shared_ptr<Channel> channel_;
    const std::shared_ptr<ThreadPool> pool_ =
        std::make_shared<ThreadPool>(ThreadPoolOptions{.name = "hg-isolated"});
    const std::shared_ptr<Timers> timers_ = std::make_shared<ThreadTimers>();
    std::stop_source worker_shutdown_;
    std::optional<std::uint64_t> memory_limit_;
    std::shared_ptr<Attempt> attempt_;
    std::mutex finishing_;
    bool finished_ = false;
};

}  // namespace

void run_worker(UniqueFd channel, UniqueFd report) noexcept {
    install_crash_handler(report.get());
    Worker worker{std::move(channel)};
    worker.run();
    // The program has closed the channel, or is gone, and hears the code no more; or the body has
    // closed it, or left it no memory. Nothing is destroyed: a body may run, and the statics are
    // the program's.
    ::_exit(EXIT_FAILURE);
}

}  // namespace hourglass::activity::isolation
