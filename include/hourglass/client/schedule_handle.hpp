#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/schedule.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {

/// A handle of a schedule. Plain names block until the answer is there; twins with `_async` return
/// a Future of it. A schedule that does not exist is a ScheduleNotFoundError.
/// @threads any; it holds no state but the name.
class ScheduleHandle {
public:
    ScheduleHandle(std::shared_ptr<detail::ClientBackend> backend, std::string id)
        : backend_{std::move(backend)}, id_{std::move(id)} {}

    [[nodiscard]] const std::string& id() const { return id_; }

    [[nodiscard]] ScheduleDescription describe() const { return describe_async().get(); }
    Future<ScheduleDescription> describe_async() const { return backend_->describe_schedule(id_); }

    /// Reads the schedule, lets `updater` change it and sends it back: `update([](ScheduleUpdate&
    /// update) { update.schedule.spec.jitter = 1min; })`. If somebody else changed it meanwhile it
    /// is read again and `updater` runs again, so it must do nothing else, and come to the same on
    /// a schedule that has its change already. What it does not touch is sent as it came, unknown
    /// fields and arguments included. Returns when a description shows the change.
    /// @throws what `updater` throws; RpcError with the code FailedPrecondition if others were
    /// faster ten times in a row.
    void update(ScheduleUpdater updater) const { update_async(std::move(updater)).get(); }
    /// `updater` runs on a thread of the client's.
    Future<void> update_async(ScheduleUpdater updater) const {
        return backend_->update_schedule(id_, std::move(updater));
    }

    /// Takes the actions that were due in these times. The server does it soon after the answer.
    void backfill(std::vector<ScheduleBackfill> backfill) const {
        backfill_async(std::move(backfill)).get();
    }
    Future<void> backfill_async(std::vector<ScheduleBackfill> backfill) const {
        return backend_->backfill_schedule(id_, std::move(backfill));
    }

    /// No action until `unpause`, but triggers and backfills.
    /// @param note  replaces the schedule's note.
    void pause(std::string note = "Paused via C++ SDK") const {
        pause_async(std::move(note)).get();
    }
    Future<void> pause_async(std::string note = "Paused via C++ SDK") const {
        return backend_->pause_schedule(id_, std::move(note));
    }
    void unpause(std::string note = "Unpaused via C++ SDK") const {
        unpause_async(std::move(note)).get();
    }
    Future<void> unpause_async(std::string note = "Unpaused via C++ SDK") const {
        return backend_->unpause_schedule(id_, std::move(note));
    }

    /// Acts once now.
    /// @param overlap  Unspecified: as the schedule's policy says.
    void trigger(ScheduleOverlapPolicy overlap = ScheduleOverlapPolicy::Unspecified) const {
        trigger_async(overlap).get();
    }
    Future<void> trigger_async(ScheduleOverlapPolicy overlap = ScheduleOverlapPolicy::Unspecified)
        const {
        return backend_->trigger_schedule(id_, overlap);
    }

    /// Deletes the schedule; workflows that it started go on.
    void remove() const { remove_async().get(); }
    Future<void> remove_async() const { return backend_->remove_schedule(id_); }

    /// The times between `from` and `to` at which the spec acts.
    [[nodiscard]] std::vector<std::chrono::system_clock::time_point> matching_times(
        std::chrono::system_clock::time_point from, std::chrono::system_clock::time_point to
    ) const {
        return matching_times_async(from, to).get();
    }
    Future<std::vector<std::chrono::system_clock::time_point>> matching_times_async(
        std::chrono::system_clock::time_point from, std::chrono::system_clock::time_point to
    ) const {
        return backend_->schedule_times(id_, from, to);
    }

    /// The same schedule, its calls made with these options.
    [[nodiscard]] ScheduleHandle with(CallOptions options) const {
        return ScheduleHandle{backend_->with(std::move(options)), id_};
    }

private:
    std::shared_ptr<detail::ClientBackend> backend_;
    std::string id_;
};

}  // namespace hourglass
