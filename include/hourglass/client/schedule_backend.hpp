#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/client/count.hpp"
#include "hourglass/client/paged.hpp"
#include "hourglass/client/schedule.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace hourglass::detail {

/// What a client's schedules are shells of.
/// @threads any.
class ScheduleBackend {
public:
    ScheduleBackend() = default;
    ScheduleBackend(const ScheduleBackend&) = delete;
    ScheduleBackend& operator=(const ScheduleBackend&) = delete;
    virtual ~ScheduleBackend() = default;

    virtual Future<void> create_schedule(
        std::string id, Schedule schedule, CreateScheduleOptions options
    ) = 0;
    virtual Future<ScheduleDescription> describe_schedule(std::string id) = 0;
    virtual Future<void> update_schedule(std::string id, ScheduleUpdater updater) = 0;
    virtual Future<void> backfill_schedule(
        std::string id, std::vector<ScheduleBackfill> backfill
    ) = 0;
    virtual Future<void> pause_schedule(std::string id, std::string note) = 0;
    virtual Future<void> unpause_schedule(std::string id, std::string note) = 0;
    virtual Future<void> trigger_schedule(std::string id, ScheduleOverlapPolicy overlap) = 0;
    virtual Future<void> remove_schedule(std::string id) = 0;
    virtual Future<std::vector<std::chrono::system_clock::time_point>> schedule_times(
        std::string id,
        std::chrono::system_clock::time_point from,
        std::chrono::system_clock::time_point to
    ) = 0;
    virtual Future<Page<ScheduleListEntry>> list_schedules_page(
        std::string query, int page_size, std::string page_token
    ) = 0;
    virtual Future<Count> count_schedules(std::string query) = 0;
};

}  // namespace hourglass::detail
