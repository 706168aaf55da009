#include "src/activity/attempt.hpp"

#include "hourglass/activity/context.hpp"
#include "hourglass/base/log.hpp"
#include "src/activity/task_info.hpp"
#include "src/activity/text_list.hpp"
#include "src/base/fork.hpp"
#include "src/convert/proto_payload.hpp"

#include <cxxabi.h>

#include <exception>
#include <utility>
#include <variant>

namespace hourglass::activity {
namespace {

constexpr const char* kStoppedText =
    "the worker stopped before the activity's body could run on; another attempt starts from the "
    "beginning";

ExecutionResult unknown_type(const Info& info, const Definitions& definitions) {
    return failed_with(
        "activity '" + info.activity_type + "' is not registered on this worker of task queue '" +
            info.task_queue + "'; available activities: " + text_list(definitions.names(), "none") +
            ". Define it with HOURGLASS_ACTIVITY or add it to the worker's Definitions",
        "NotFoundError"
    );
}

}  // namespace

std::shared_ptr<Attempt> Attempt::start(
    coresdk::activity_task::Start start,
    std::string task_token,
    const Definitions& definitions,
    Objects objects,
    Environment environment,
    Done done
) {
    const auto definition = definitions.find(start.activity_type());
    std::shared_ptr<isolation::IsolatedRun> elsewhere;
    if (definition && definition->isolated) {
        elsewhere = std::make_shared<isolation::IsolatedRun>(
            *definition->isolated,
            isolation::Order{
                .start = start.SerializeAsString(),
                .task_token = task_token,
                .task_queue = environment.task_queue,
                .client_namespace = environment.client_namespace,
            },
            environment.processes,
            environment.timers,
            environment.metrics
        );
    }
    Info info = info_from(
        start,
        std::move(task_token),
        std::move(environment.task_queue),
        environment.client_namespace
    );
    Setup setup{
        std::move(info),
        std::move(environment.heartbeat),
        std::move(environment.timers),
        std::move(environment.worker_shutdown),
        std::move(environment.metrics),
        std::move(environment.interceptors)
    };
    // Not make_shared: the constructor is private.
    const std::shared_ptr<Attempt> attempt{new Attempt{
        std::move(setup),
        convert::from_proto(std::move(*start.mutable_input())),
        std::move(objects),
        std::move(environment.pool),
        std::move(done)
    }};
    attempt->isolated_ = std::move(elsewhere);
    if (!definition) {
        auto unknown = unknown_type(attempt->info(), definitions);
        log_failed_attempt(log::Level::Warn, attempt->info(), unknown.failed().failure().message());
        attempt->answer(std::move(unknown));
        return attempt;
    }
    const bool posted = attempt->pool_->post({
        .label = attempt->info().activity_type + " (" + attempt->info().activity_id + ")",
        .run = [attempt, definition] { attempt->run(definition); },
        .drop = [attempt] { attempt->give_up(); },
    });
    if (!posted) {
        attempt->answer(failed_with(
            "activity '" + attempt->info().activity_type +
                "' could not be started: the worker's pool is stopped, or the system gave it no "
                "thread",
            "NoThread"
        ));
    }
    return attempt;
}

Attempt::Attempt(
    Setup setup, Payloads arguments, Objects objects, std::shared_ptr<ThreadPool> pool, Done done
) noexcept
    : ActivityState{std::move(setup)},
      arguments_{std::move(arguments)},
      objects_{std::move(objects)},
      pool_{std::move(pool)},
      done_{std::move(done)} {}

Attempt::~Attempt() {
    // Only if what the body awaited was thrown away together with all that waited for it.
    answer(failed_with(
        "the activity's body waited for something that was dropped without an answer", "BodyDropped"
    ));
}

std::shared_ptr<Attempt> Attempt::self() {
    return std::static_pointer_cast<Attempt>(shared_from_this());
}

void Attempt::cancel(const coresdk::activity_task::Cancel& cancel) {
    const CancellationDetails details = details_from(cancel);
    request_cancellation(details);
    if (isolated_) {
        isolated_->cancel(details);
    }
}

bool Attempt::ended() const {
    const std::lock_guard lock{answer_mutex_};
    return !done_;
}

void Attempt::run(const std::shared_ptr<const Definition>& definition) {
    const detail::ActivityScope scope{this};
    try {
        begin(definition);
    } catch (abi::__forced_unwind&) {
        // pthread_exit in the body: the thread goes, the attempt is answered all the same.
        answer(failed_with(
            "the body of activity '" + info().activity_type + "' ended its thread", "ThreadEnded"
        ));
        throw;
    } catch (...) {
        answer_error(std::current_exception());
    }
}

void Attempt::begin(const std::shared_ptr<const Definition>& definition) {
    if (is_cancelled()) {
        throw_cancelled();
    }
    if (!interceptors().empty()) {
        begin_intercepted(definition);
        return;
    }
    if (isolated_) {
        answer(run_in_process());
        return;
    }
    const Payloads arguments = std::move(arguments_);
    Outcome outcome = definition->invoke(arguments, objects_);
    if (auto* const result = std::get_if<Payload>(&outcome)) {
        answer(completed_with(std::move(*result)));
        return;
    }
    body_.emplace(std::move(std::get<Task<Payload>>(outcome)));
    // From here on the body may be over, on this or another thread, at any time.
    // Whoever runs it holds this attempt.
    body_->start([this] { body_ended(); });
}

ExecutionResult Attempt::run_in_process() {
    // This thread waits for the process, as it would for a body that blocks.
    const std::stop_callback tell{worker_shutdown(), [this] { isolated_->worker_shuts_down(); }};
    return isolated_->run(info(), [this](Payloads details) { heartbeat(std::move(details)); });
}

void Attempt::body_ended() noexcept {
    std::exception_ptr error;
    std::optional<ExecutionResult> result;
    try {
        result = completed_with(body_->result());
    } catch (...) {
        error = std::current_exception();
    }
    body_.reset(
    );  // before the answer: what the body's variables do at their end belongs to the attempt
    if (result) {
        answer(*std::move(result));
    } else if (isolated_end_ && isolated_end_->error == error) {
        answer(std::move(isolated_end_->result));  // as the process said it, and logged it
    } else {
        answer_error(error);
    }
}

void Attempt::resume(detail::ActivityPromiseBase& waiting) noexcept {
    bool posted = false;
    try {
        posted = pool_->post({
            .label = info().activity_type + " (" + info().activity_id + ")",
            .run =
                [attempt = self(), &waiting] {
                    const detail::ActivityScope scope{attempt.get()};
                    waiting.run();
                },
            .drop = [attempt = self()] { attempt->give_up(); },
        });
    } catch (const std::exception& error) {
        log::error("an activity's coroutine cannot go on", {{"error", error.what()}});
    }
    if (!posted) {
        give_up();
    }
}

void Attempt::give_up() noexcept {
    {
        const detail::ActivityScope scope{this};
        body_.reset();  // suspended, or never begun
    }
    answer(failed_with(kStoppedText, "WorkerShutdown"));
}

void Attempt::answer(ExecutionResult result) noexcept {
    // Here too, before the first lock: another thread of the parent may have held it.
    fork::ForkStays::check("an activity", epoch_);
    Done done;
    {
        const std::lock_guard lock{answer_mutex_};
        std::swap(done, done_);
    }
    if (!done) {
        return;
    }
    close();
    try {
        done(std::move(result));
    } catch (const std::exception& error) {
        log::error(
            "an activity's result could not be handed on",
            {{"activity", info().activity_type},
             {"activity_id", info().activity_id},
             {"error", error.what()}}
        );
    }
}

void Attempt::answer_error(const std::exception_ptr& error) noexcept {
    answer(ended_by(error, cancellation_details(), info()));
}

}  // namespace hourglass::activity
