#pragma once

#include "hourglass/activity/definition.hpp"
#include "hourglass/activity/info.hpp"
#include "hourglass/activity/objects.hpp"
#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/future.hpp"
#include "hourglass/base/measurement.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/kept_context.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::testing {

/// What ActivityEnvironment's activities are told, unless a test says otherwise.
[[nodiscard]] activity::Info default_activity_info();

struct ActivityEnvironmentOptions {
    /// What activity::info() says; the type is the activity's own, or what a dynamic one is run as.
    activity::Info info = default_activity_info();
    /// The objects whose member functions are activities.
    activity::Objects objects = {};
    /// Gets the details of each heartbeat, on the thread of the body, which goes on afterwards.
    std::function<void(const Payloads&)> on_heartbeat = {};
    /// Gets each measurement that a body makes with activity::meter(), on the body's thread.
    std::function<void(const Measurement&)> on_measurement = {};
};

/// The body completes its activity later and from outside: it called complete_async().
class CompletesAsyncError : public Error {
public:
    using Error::Error;
};

/// Runs activities' bodies without a worker and a server: one attempt each, as a worker would run
/// it, its arguments and its result encoded and decoded on the way.
///
/// What a body throws arrives as it would at a workflow, without the ActivityError around it:
/// `EXPECT_THROW(environment.run<&charge>(order), ApplicationError)`.
/// @threads any. Functions that only a process of its own would run, run here.
class ActivityEnvironment {
public:
    explicit ActivityEnvironment(ActivityEnvironmentOptions options = {});
    /// Cancels what still runs, and waits for it, 10 s at most.
    ~ActivityEnvironment();
    ActivityEnvironment(const ActivityEnvironment&) = delete;
    ActivityEnvironment& operator=(const ActivityEnvironment&) = delete;

    /// Runs the activity and gives its result.
    /// @throws FailureError as said above: ApplicationError, CancelledError and others;
    /// CompletesAsyncError; ConversionError if an argument or the result cannot be converted.
    template <auto Activity, class... A>
    detail::ResultOf<Activity> run(A&&... arguments) {
        return start<Activity>(std::forward<A>(arguments)...).get();
    }
    /// Begins the activity, on a thread of its own, and does not wait.
    template <auto Activity, class... A>
    Future<detail::ResultOf<Activity>> start(A&&... arguments) {
        using Parameters = detail::ArgumentsOf<Activity>;
        static_assert(
            detail::kArgumentsMatch<Parameters, A...>,
            "ActivityEnvironment: the arguments do not fit the activity's parameters in number or "
            "type, or a number would lose its value"
        );
        activity::Definition definition = activity::define<Activity>();
        const detail::KeptContext whose = context_of(definition.name);
        const Parameters converted{std::forward<A>(arguments)...};
        Payloads encoded = std::apply(
            [&whose](const auto&... each) { return detail::encode_arguments_in(whose, each...); },
            converted
        );
        return decoded<detail::ResultOf<Activity>>(
            whose, start_encoded(std::move(definition), {}, std::move(encoded))
        );
    }

    /// The same for any definition, such as `activity::define("charge", [db](Order order) {…})`.
    template <class R, class... A>
    R run(activity::Definition definition, const A&... arguments) {
        return start<R>(std::move(definition), arguments...).get();
    }
    template <class R, class... A>
    Future<R> start(activity::Definition definition, const A&... arguments) {
        const detail::KeptContext whose = context_of(definition.name);
        Payloads encoded = detail::encode_arguments_in(whose, arguments...);
        return decoded<R>(whose, start_encoded(std::move(definition), {}, std::move(encoded)));
    }

    /// Runs a dynamic activity as a worker would for a type that nothing else defines:
    /// `environment.run_dynamic<&forward, std::string>("charge", "visa", 199)`. It gets the
    /// arguments as payloads, and finds the type in activity::info().
    /// @tparam R  what the workflow that calls it by this name expects.
    /// @throws as run().
    template <auto Activity, class R = RawValue, class... A>
    R run_dynamic(std::string activity_type, const A&... arguments) {
        return start_dynamic<Activity, R>(std::move(activity_type), arguments...).get();
    }
    template <auto Activity, class R = RawValue, class... A>
    Future<R> start_dynamic(std::string activity_type, const A&... arguments) {
        detail::check_dynamic_activity<decltype(Activity)>();
        return start_dynamic<R>(
            activity::define<Activity>(), std::move(activity_type), arguments...
        );
    }
    /// The same for any definition that takes hourglass::Payloads.
    template <class R, class... A>
    R run_dynamic(
        activity::Definition definition, std::string activity_type, const A&... arguments
    ) {
        return start_dynamic<R>(std::move(definition), std::move(activity_type), arguments...)
            .get();
    }
    template <class R, class... A>
    Future<R> start_dynamic(
        activity::Definition definition, std::string activity_type, const A&... arguments
    ) {
        const detail::KeptContext whose = context_of(activity_type);
        Payloads encoded = detail::encode_arguments_in(whose, arguments...);
        return decoded<R>(
            whose,
            start_encoded(
                activity::as_dynamic(std::move(definition)),
                std::move(activity_type),
                std::move(encoded)
            )
        );
    }

    /// Tells the attempts that run now that they are cancelled. One that has not begun never does:
    /// a test of what a body does when it is cancelled waits for a sign of it, a heartbeat say.
    void cancel(activity::CancellationReason reason = activity::CancellationReason::Requested);
    /// Tells all attempts, those to come too, that the worker begins to stop.
    void shut_down_worker();

    /// The details of each heartbeat so far.
    [[nodiscard]] std::vector<Payloads> heartbeats() const;

private:
    struct Impl;

    /// Of an activity of that type: that of the attempt.
    [[nodiscard]] detail::KeptContext context_of(const std::string& type) const;
    /// @param type  what it is called as; empty: its own name.
    Future<Payload> start_encoded(
        activity::Definition definition, std::string type, Payloads arguments
    );

    template <class R>
    static Future<R> decoded(const detail::KeptContext& whose, Future<Payload> result) {
        return detail::map(std::move(result), [whose](const Payload& payload) -> R {
            return detail::from_payload_in<R>(whose, payload);
        });
    }

    std::shared_ptr<Impl> impl_;
};

}  // namespace hourglass::testing
