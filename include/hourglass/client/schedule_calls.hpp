#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/future_ops.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/client/schedule.hpp"
#include "hourglass/client/schedule_handle.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hourglass::detail {

/// What a client does with schedules.
template <class Client>
class ScheduleCalls {
public:
    /// Makes a schedule, which acts from then on: `create_schedule("nightly", {.action =
    /// scheduled<&Report::run>({.id = "report"}), .spec = {.intervals = {{.every = 24h}}}})`.
    /// @throws ScheduleAlreadyRunningError if the id has one; ConfigurationError naming what is not
    /// usable.
    ScheduleHandle create_schedule(
        std::string id, Schedule schedule, CreateScheduleOptions options = {}
    ) const {
        return create_schedule_async(std::move(id), std::move(schedule), std::move(options)).get();
    }
    Future<ScheduleHandle> create_schedule_async(
        std::string id, Schedule schedule, CreateScheduleOptions options = {}
    ) const {
        return map(
            own()->create_schedule(id, std::move(schedule), std::move(options)),
            [backend = own(), id] { return ScheduleHandle{backend, id}; }
        );
    }

    /// A handle of a schedule that exists, or not: nothing is asked here.
    [[nodiscard]] ScheduleHandle schedule(std::string id) const {
        return ScheduleHandle{own(), std::move(id)};
    }

    /// The schedules that match, lazily; an empty query matches all. The server's index lags behind
    /// by up to some seconds.
    [[nodiscard]] Paged<ScheduleListEntry> list_schedules(
        std::string query = {}, ListOptions options = {}
    ) const {
        return Paged<ScheduleListEntry>{
            [backend = own(), query = std::move(query), size = options.page_size](std::string token
            ) { return backend->list_schedules_page(query, size, std::move(token)); },
            options.limit
        };
    }

    /// How many schedules match, approximately.
    [[nodiscard]] Count count_schedules(std::string query = {}) const {
        return count_schedules_async(std::move(query)).get();
    }
    Future<Count> count_schedules_async(std::string query = {}) const {
        return own()->count_schedules(std::move(query));
    }

private:
    friend Client;
    ScheduleCalls() = default;

    [[nodiscard]] const std::shared_ptr<ClientBackend>& own() const {
        return static_cast<const Client&>(*this).backend();
    }
};

}  // namespace hourglass::detail
