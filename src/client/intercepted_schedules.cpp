// The calls about schedules, each through the interceptors.

#include "src/client/through.hpp"

#include <utility>

namespace hourglass::client {

Future<void> RpcBackend::create_schedule(
    std::string id, Schedule schedule, CreateScheduleOptions options
) {
    CreateScheduleCall call{
        .id = std::move(id), .schedule = std::move(schedule), .options = std::move(options)
    };
    return through(0, &ClientInterceptor::create_schedule, &RpcBackend::send, std::move(call));
}

Future<ScheduleDescription> RpcBackend::describe_schedule(std::string id) {
    DescribeScheduleCall call{.id = std::move(id)};
    return through(0, &ClientInterceptor::describe_schedule, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::update_schedule(std::string id, ScheduleUpdater updater) {
    UpdateScheduleCall call{.id = std::move(id), .updater = std::move(updater)};
    return through(0, &ClientInterceptor::update_schedule, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::backfill_schedule(std::string id, std::vector<ScheduleBackfill> backfill) {
    BackfillScheduleCall call{.id = std::move(id), .backfill = std::move(backfill)};
    return through(0, &ClientInterceptor::backfill_schedule, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::pause_schedule(std::string id, std::string note) {
    PauseScheduleCall call{.id = std::move(id), .note = std::move(note)};
    return through(0, &ClientInterceptor::pause_schedule, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::unpause_schedule(std::string id, std::string note) {
    UnpauseScheduleCall call{.id = std::move(id), .note = std::move(note)};
    return through(0, &ClientInterceptor::unpause_schedule, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::trigger_schedule(std::string id, ScheduleOverlapPolicy overlap) {
    TriggerScheduleCall call{.id = std::move(id), .overlap = overlap};
    return through(0, &ClientInterceptor::trigger_schedule, &RpcBackend::send, std::move(call));
}

Future<void> RpcBackend::remove_schedule(std::string id) {
    DeleteScheduleCall call{.id = std::move(id)};
    return through(0, &ClientInterceptor::delete_schedule, &RpcBackend::send, std::move(call));
}

Future<std::vector<std::chrono::system_clock::time_point>> RpcBackend::schedule_times(
    std::string id,
    std::chrono::system_clock::time_point from,
    std::chrono::system_clock::time_point to
) {
    ScheduleTimesCall call{.id = std::move(id), .from = from, .to = to};
    return through(0, &ClientInterceptor::schedule_times, &RpcBackend::send, std::move(call));
}

Future<Page<ScheduleListEntry>> RpcBackend::list_schedules_page(
    std::string query, int page_size, std::string page_token
) {
    ListSchedulesCall call{
        .query = std::move(query), .page_size = page_size, .page_token = std::move(page_token)
    };
    return through(0, &ClientInterceptor::list_schedules, &RpcBackend::send, std::move(call));
}

Future<Count> RpcBackend::count_schedules(std::string query) {
    CountSchedulesCall call{.query = std::move(query)};
    return through(0, &ClientInterceptor::count_schedules, &RpcBackend::send, std::move(call));
}

}  // namespace hourglass::client
