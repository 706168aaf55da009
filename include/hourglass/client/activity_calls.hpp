#pragma once

#include "hourglass/client/activity_handle.hpp"
#include "hourglass/client/async_activity_handle.hpp"
#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/contexts.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/client/typed_calls.hpp"

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::detail {

/// What a client does with activities: it starts standalone ones, and answers for attempts that
/// others than their workers complete.
template <class Client>
class ActivityCalls {
public:
    /// Starts an activity that belongs to no workflow: `start_activity<&charge>({.id = "charge-7",
    /// .start_to_close_timeout = 30s}, order)`. Servers must have it switched on.
    /// @throws ActivityAlreadyStartedError if the id's policies do not allow it; ConfigurationError
    /// naming what is not usable.
    template <auto Activity, class... A>
    ActivityHandle<ResultOf<Activity>> start_activity(
        StartActivityOptions options, A&&... arguments
    ) const {
        return start_activity_async<Activity>(std::move(options), std::forward<A>(arguments)...)
            .get();
    }
    template <auto Activity, class... A>
    Future<ActivityHandle<ResultOf<Activity>>> start_activity_async(
        StartActivityOptions options, A&&... arguments
    ) const {
        constexpr std::string_view kType = kNameOfFunction<Activity>;
        Payloads encoded = encode_for_in<Activity>(
            of_activity(*own(), {}, options.id, kType), std::forward<A>(arguments)...
        );
        return started<ResultOf<Activity>>(
            own()->start_activity(std::string{kType}, std::move(options), std::move(encoded))
        );
    }
    /// By the name of the activity's type.
    template <class R, class... A>
    ActivityHandle<R> start_activity(
        std::string type, StartActivityOptions options, A&&... arguments
    ) const {
        return start_activity_async<R>(
                   std::move(type), std::move(options), std::forward<A>(arguments)...
        )
            .get();
    }
    template <class R, class... A>
    Future<ActivityHandle<R>> start_activity_async(
        std::string type, StartActivityOptions options, A&&... arguments
    ) const {
        Payloads encoded =
            encode_arguments_in(of_activity(*own(), {}, options.id, type), arguments...);
        return started<R>(
            own()->start_activity(std::move(type), std::move(options), std::move(encoded))
        );
    }

    /// Starts the activity and waits for its result.
    template <auto Activity, class... A>
    ResultOf<Activity> execute_activity(StartActivityOptions options, A&&... arguments) const {
        return execute_activity_async<Activity>(std::move(options), std::forward<A>(arguments)...)
            .get();
    }
    template <auto Activity, class... A>
    Future<ResultOf<Activity>> execute_activity_async(
        StartActivityOptions options, A&&... arguments
    ) const {
        return chain(
            start_activity_async<Activity>(std::move(options), std::forward<A>(arguments)...),
            [](const ActivityHandle<ResultOf<Activity>>& handle) { return handle.result_async(); }
        );
    }
    template <class R, class... A>
    R execute_activity(std::string type, StartActivityOptions options, A&&... arguments) const {
        return execute_activity_async<R>(
                   std::move(type), std::move(options), std::forward<A>(arguments)...
        )
            .get();
    }
    template <class R, class... A>
    Future<R> execute_activity_async(
        std::string type, StartActivityOptions options, A&&... arguments
    ) const {
        return chain(
            start_activity_async<R>(
                std::move(type), std::move(options), std::forward<A>(arguments)...
            ),
            [](const ActivityHandle<R>& handle) { return handle.result_async(); }
        );
    }

    /// A handle of a standalone activity that exists, or not: nothing is asked here.
    /// @param run_id  empty: the newest one.
    template <auto Activity>
    [[nodiscard]] ActivityHandle<ResultOf<Activity>> activity(
        std::string id, std::string run_id = {}
    ) const {
        return activity<ResultOf<Activity>>(std::move(id), std::move(run_id));
    }
    template <class R>
    [[nodiscard]] ActivityHandle<R> activity(std::string id, std::string run_id = {}) const {
        return ActivityHandle<R>{own(), {.id = std::move(id), .run_id = std::move(run_id)}};
    }

    /// The standalone activities that match, lazily; an empty query matches all.
    [[nodiscard]] Paged<ActivityExecution> list_activities(
        std::string query = {}, ListOptions options = {}
    ) const {
        return Paged<ActivityExecution>{
            [backend = own(), query = std::move(query), size = options.page_size](std::string token
            ) { return backend->list_activities_page(query, size, std::move(token)); },
            options.limit
        };
    }
    /// How many standalone activities match, approximately.
    [[nodiscard]] Count count_activities(std::string query = {}) const {
        return count_activities_async(std::move(query)).get();
    }
    Future<Count> count_activities_async(std::string query = {}) const {
        return own()->count_activities(std::move(query));
    }

    /// Answers for an attempt by the task token that its context had: nothing is asked here.
    template <std::convertible_to<std::string> Token>
    [[nodiscard]] AsyncActivityHandle async_activity(Token task_token) const {
        return AsyncActivityHandle{own(), {.task_token = std::string{std::move(task_token)}}};
    }
    /// By ids: `async_activity({.workflow_id = "order-7", .activity_id = "charge"})`.
    [[nodiscard]] AsyncActivityHandle async_activity(AsyncActivityId id) const {
        return AsyncActivityHandle{
            own(),
            {.workflow_id = std::move(id.workflow_id),
             .run_id = std::move(id.run_id),
             .activity_id = std::move(id.activity_id)}
        };
    }

private:
    friend Client;
    ActivityCalls() = default;

    [[nodiscard]] const std::shared_ptr<ClientBackend>& own() const {
        return static_cast<const Client&>(*this).backend();
    }
    template <class R>
    Future<ActivityHandle<R>> started(Future<ActivityRef> execution) const {
        return map(std::move(execution), [backend = own()](ActivityRef activity) {
            return ActivityHandle<R>{backend, std::move(activity)};
        });
    }
};

}  // namespace hourglass::detail
