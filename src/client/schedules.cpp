#include "hourglass/client/future_ops.hpp"
#include "src/client/backend.hpp"
#include "src/client/checks.hpp"
#include "src/client/matching.hpp"
#include "src/client/operations.hpp"
#include "src/client/schedule_proto.hpp"
#include "src/client/schedule_seen.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/convert/proto_time.hpp"
#include "src/convert/utf8.hpp"

#include "temporal/api/workflowservice/v1/request_response.pb.h"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace hourglass::client {

namespace {

namespace service = temporal::api::workflowservice::v1;
namespace enums = temporal::api::enums::v1;
using temporal::api::schedule::v1::SchedulePatch;
using Time = std::chrono::system_clock::time_point;

std::exception_ptr unusable_schedule(const std::string& id, const std::string& verb) {
    return unusable_id(id, verb, "a schedule", "give client.schedule(…) the schedule's id");
}

CallTarget schedule_target(
    const RpcContext& context, const std::string& verb, const std::string& id
) {
    CallTarget target = target_of(context, verb + " schedule \"" + id + '"');
    target.schedule_id = id;
    return target;
}

/// @throws ConfigurationError if the times are none.
void write(
    const std::string& whose,
    const ScheduleBackfill& backfill,
    temporal::api::schedule::v1::BackfillRequest* to
) {
    if (backfill.end_at < backfill.start_at || backfill.start_at == Time{}) {
        throw ConfigurationError{
            whose +
            ": ScheduleBackfill::start_at and end_at must both be set, and end_at must not be "
            "earlier"
        };
    }
    convert::to_proto(backfill.start_at, to->mutable_start_time());
    convert::to_proto(backfill.end_at, to->mutable_end_time());
    to->set_overlap_policy(static_cast<enums::ScheduleOverlapPolicy>(backfill.overlap));
}

/// Describes, updates and, if somebody else was faster, begins again.
///
/// Some servers drop an update whose conflict token is not the schedule's any more, and say
/// nothing: so the schedule is described again, until the change is seen in it or that of somebody
/// else.
class ScheduleChange : public std::enable_shared_from_this<ScheduleChange> {
public:
    ScheduleChange(const RpcContextPtr& context, std::string id, ScheduleUpdater updater)
        : context_{as_one_call(context)},
          id_{std::move(id)},
          updater_{std::move(updater)},
          settling_{context_->calls.pool} {}

    [[nodiscard]] Future<void> future() const { return settling_.future(); }

    void begin() {
        describe([](const auto& self, service::DescribeScheduleResponse is) {
            self->change(std::move(is));
        });
    }

private:
    using Self = std::shared_ptr<ScheduleChange>;
    using Then = void (*)(const Self& self, service::DescribeScheduleResponse is);

    void describe(Then then) {
        service::DescribeScheduleRequest request;
        request.set_namespace_(context_->namespace_name);
        request.set_schedule_id(id_);
        rpc<service::DescribeScheduleResponse>(
            *context_,
            spec_of(*context_, "DescribeSchedule", request),
            [self = shared_from_this(),
             then](Result<service::DescribeScheduleResponse, RpcFailure> is) {
                if (!is) {
                    self->fail(is.error());
                    return;
                }
                // The updater is the user's and may block: not on the channel's thread.
                self->context_->calls.pool->post([self, then, is = std::move(*is)]() mutable {
                    then(self, std::move(is));
                });
            }
        );
    }

    void change(service::DescribeScheduleResponse is) {
        service::UpdateScheduleRequest request;
        try {
            was_ = to_schedule(is.schedule());
            ScheduleUpdate update{.schedule = was_};
            updater_(update);
            if (update.skip) {
                settling_.succeed();
                return;
            }
            // What the updater may have replaced as a whole still says where it came from.
            update.schedule.origin = was_.origin;
            *request.mutable_schedule() = to_proto(id_, update.schedule);
            sent_ = to_schedule(request.schedule());  // as it is sent, not as the updater wrote it
            token_ = is.conflict_token();
            if (update.search_attributes) {
                convert::to_proto(
                    update.search_attributes->values(),
                    request.mutable_search_attributes()->mutable_indexed_fields()
                );
            }
            if (update.memo) {
                convert::to_proto(*update.memo, request.mutable_memo()->mutable_fields());
            }
        } catch (...) {  // the updater's, or what to_proto finds wrong in its schedule
            settling_.fail(std::current_exception());
            return;
        }
        request.set_namespace_(context_->namespace_name);
        request.set_schedule_id(id_);
        request.set_conflict_token(is.conflict_token());
        request.set_identity(context_->identity);
        request.set_request_id(new_uuid());
        rpc<service::UpdateScheduleResponse>(
            *context_,
            spec_of(*context_, "UpdateSchedule", request),
            [self = shared_from_this()](Result<service::UpdateScheduleResponse, RpcFailure> done) {
                if (done) {
                    self->look();
                } else if (done.error().code == RpcCode::FailedPrecondition &&
                           ++self->conflicts_ < kMostConflicts) {
                    self->begin();
                } else {
                    self->fail(done.error());
                }
            }
        );
    }

    void look() {
        if (sent_ == was_) {  // nothing that a description would show
            settling_.succeed();
            return;
        }
        describe([](const auto& self, service::DescribeScheduleResponse is) {
            self->seen(std::move(is));
        });
    }

    void seen(service::DescribeScheduleResponse is) {
        if (shows_change(was_, sent_, to_schedule(is.schedule()))) {
            settling_.succeed();
        } else if (is.conflict_token() == token_) {
            // Taken, and not carried out yet. The deadline ends this.
            context_->calls.pool->post_after(kLookAgain, [self = shared_from_this()] {
                self->look();
            });
        } else if (++conflicts_ < kMostConflicts) {
            change(std::move(is));
        } else {
            fail(
                {.code = RpcCode::FailedPrecondition,
                 .message = "others changed it each time, " + std::to_string(conflicts_) +
                            " times in a row"}
            );
        }
    }

    void fail(const RpcFailure& failed) const {
        settling_.fail(to_exception(schedule_target(*context_, "update", id_), failed));
    }

    static constexpr int kMostConflicts = 10;
    static constexpr std::chrono::milliseconds kLookAgain{20};

    const RpcContextPtr context_;
    const std::string id_;
    const ScheduleUpdater updater_;
    const Settling<void> settling_;
    // Steps follow each other, so they need no lock.
    Schedule was_;
    Schedule sent_;
    std::string token_;
    int conflicts_ = 0;
};

/// Asks for the times behind the last one that was told, until there are no more.
class TimesFetch : public std::enable_shared_from_this<TimesFetch> {
public:
    TimesFetch(const RpcContextPtr& context, ScheduleTimesCall call)
        : context_{as_one_call(context)}, call_{std::move(call)}, settling_{context_->calls.pool} {}

    [[nodiscard]] Future<std::vector<Time>> future() const { return settling_.future(); }

    void fetch(Time behind) {
        service::ListScheduleMatchingTimesRequest request;
        request.set_namespace_(context_->namespace_name);
        request.set_schedule_id(call_.id);
        convert::to_proto(behind, request.mutable_start_time());
        convert::to_proto(call_.to, request.mutable_end_time());
        rpc<service::ListScheduleMatchingTimesResponse>(
            *context_,
            spec_of(*context_, "ListScheduleMatchingTimes", request),
            [self = shared_from_this()](auto response) { self->answered(std::move(response)); }
        );
    }

private:
    void answered(Result<service::ListScheduleMatchingTimesResponse, RpcFailure> response) {
        if (!response) {
            settling_.fail(to_exception(
                schedule_target(*context_, "list the times of", call_.id), response.error()
            ));
            return;
        }
        const std::size_t known = times_.size();
        for (const auto& time : response->start_time()) {
            const Time at = convert::from_proto(time);
            if (times_.empty() || at > times_.back()) {
                times_.push_back(at);
            }
        }
        const bool goes_on = times_.size() > known && times_.back() < call_.to;
        if (response->start_time_size() >= kMostTimes && goes_on) {
            fetch(times_.back());
        } else {
            settling_.succeed(std::move(times_));
        }
    }

    /// How many servers tell at once; they do not say that there are more.
    static constexpr int kMostTimes = 1000;

    const RpcContextPtr context_;
    const ScheduleTimesCall call_;
    const Settling<std::vector<Time>> settling_;
    std::vector<Time> times_;
};

/// A patch of a schedule; `write` fills it and may throw.
Future<void> patch(
    const RpcContextPtr& context,
    const std::string& id,
    const std::string& verb,
    const std::function<void(SchedulePatch&)>& write
) {
    if (auto error = unusable_schedule(id, verb)) {
        return failed_future<void>(error);
    }
    service::PatchScheduleRequest request;
    request.set_namespace_(context->namespace_name);
    request.set_schedule_id(id);
    request.set_identity(context->identity);
    request.set_request_id(new_uuid());
    try {
        write(*request.mutable_patch());
    } catch (const Error&) {
        return failed_future<void>(std::current_exception());
    }
    return unary<void, service::PatchScheduleResponse>(
        context,
        schedule_target(*context, verb, id),
        spec_of(*context, "PatchSchedule", request),
        [](const service::PatchScheduleResponse&) {}
    );
}

}  // namespace

Future<void> RpcBackend::send(CreateScheduleCall call) {
    const std::string& id = call.id;
    Schedule& schedule = call.schedule;
    const CreateScheduleOptions& options = call.options;
    if (auto error = unusable_id(id, "create", "a schedule", "give create_schedule(…) an id")) {
        return failed_future<void>(error);
    }
    service::CreateScheduleRequest request;
    try {
        request.set_namespace_(context_->namespace_name);
        request.set_schedule_id(id);
        request.set_identity(context_->identity);
        request.set_request_id(new_uuid());
        schedule.origin = {};  // a copy of another schedule is a new one
        *request.mutable_schedule() = to_proto(id, schedule);
        if (options.trigger_immediately) {
            request.mutable_initial_patch()->mutable_trigger_immediately()->set_overlap_policy(
                static_cast<enums::ScheduleOverlapPolicy>(schedule.policy.overlap)
            );
        }
        for (const auto& each : options.backfill) {
            write(
                "cannot create schedule \"" + id + '"',
                each,
                request.mutable_initial_patch()->add_backfill_request()
            );
        }
        if (!options.memo.empty()) {
            convert::to_proto(options.memo, request.mutable_memo()->mutable_fields());
        }
        if (!options.search_attributes.empty()) {
            convert::to_proto(
                options.search_attributes.values(),
                request.mutable_search_attributes()->mutable_indexed_fields()
            );
        }
    } catch (const Error&) {
        return failed_future<void>(std::current_exception());
    }
    return unary<void, service::CreateScheduleResponse>(
        context_,
        schedule_target(*context_, "create", id),
        spec_of(*context_, "CreateSchedule", request),
        [](const service::CreateScheduleResponse&) {}
    );
}

Future<ScheduleDescription> RpcBackend::send(DescribeScheduleCall call) {
    const std::string& id = call.id;
    if (auto error = unusable_schedule(id, "describe")) {
        return failed_future<ScheduleDescription>(error);
    }
    service::DescribeScheduleRequest request;
    request.set_namespace_(context_->namespace_name);
    request.set_schedule_id(id);
    return unary<ScheduleDescription, service::DescribeScheduleResponse>(
        context_,
        schedule_target(*context_, "describe", id),
        spec_of(*context_, "DescribeSchedule", request),
        [id](const service::DescribeScheduleResponse& response) {
            return to_description(id, response);
        }
    );
}

Future<void> RpcBackend::send(UpdateScheduleCall call) {
    if (auto error = unusable_schedule(call.id, "update")) {
        return failed_future<void>(error);
    }
    if (!call.updater) {
        return failed_future<void>(configuration_error(
            "cannot update schedule \"" + call.id +
            "\": the updater is empty; give update(…) a function that changes the schedule"
        ));
    }
    const auto change =
        std::make_shared<ScheduleChange>(context_, std::move(call.id), std::move(call.updater));
    change->begin();
    return change->future();
}

Future<void> RpcBackend::send(BackfillScheduleCall call) {
    return patch(context_, call.id, "backfill", [&](SchedulePatch& to) {
        const std::string whose = "cannot backfill schedule \"" + call.id + '"';
        if (call.backfill.empty()) {
            throw ConfigurationError{whose + ": no times are given; give at least one"};
        }
        for (const auto& each : call.backfill) {
            write(whose, each, to.add_backfill_request());
        }
    });
}

Future<void> RpcBackend::send(PauseScheduleCall call) {
    return patch(context_, call.id, "pause", [&](SchedulePatch& to) {
        if (call.note.empty()) {  // the server would take it for no patch at all
            throw ConfigurationError{
                "cannot pause schedule \"" + call.id + "\" without a note; say why, or leave it out"
            };
        }
        to.set_pause(convert::valid_utf8(call.note));
    });
}

Future<void> RpcBackend::send(UnpauseScheduleCall call) {
    return patch(context_, call.id, "unpause", [&](SchedulePatch& to) {
        if (call.note.empty()) {
            throw ConfigurationError{
                "cannot unpause schedule \"" + call.id +
                "\" without a note; say why, or leave it out"
            };
        }
        to.set_unpause(convert::valid_utf8(call.note));
    });
}

Future<void> RpcBackend::send(TriggerScheduleCall call) {
    return patch(context_, call.id, "trigger", [&](SchedulePatch& to) {
        to.mutable_trigger_immediately()->set_overlap_policy(
            static_cast<enums::ScheduleOverlapPolicy>(call.overlap)
        );
    });
}

Future<void> RpcBackend::send(DeleteScheduleCall call) {
    const std::string& id = call.id;
    if (auto error = unusable_schedule(id, "delete")) {
        return failed_future<void>(error);
    }
    service::DeleteScheduleRequest request;
    request.set_namespace_(context_->namespace_name);
    request.set_schedule_id(id);
    request.set_identity(context_->identity);
    return unary<void, service::DeleteScheduleResponse>(
        context_,
        schedule_target(*context_, "delete", id),
        spec_of(*context_, "DeleteSchedule", request),
        [](const service::DeleteScheduleResponse&) {}
    );
}

Future<std::vector<Time>> RpcBackend::send(ScheduleTimesCall call) {
    const std::string& id = call.id;
    if (auto error = unusable_schedule(id, "list the times of")) {
        return failed_future<std::vector<Time>>(error);
    }
    if (call.to < call.from) {
        return failed_future<std::vector<Time>>(configuration_error(
            "cannot list the times of schedule \"" + id + "\": `to` lies before `from`"
        ));
    }
    const Time from = call.from;
    const auto times = std::make_shared<TimesFetch>(context_, std::move(call));
    times->fetch(from);
    return times->future();
}

Future<Page<ScheduleListEntry>> RpcBackend::send(ListSchedulesCall call) {
    return list_matching<
        service::ListSchedulesRequest,
        service::ListSchedulesResponse,
        ScheduleListEntry>(
        context_,
        "the schedules",
        "ListSchedules",
        std::move(call),
        [](const auto& response, auto& items) {
            for (const auto& each : response.schedules()) {
                items.push_back(to_entry(each));
            }
        }
    );
}

Future<Count> RpcBackend::send(CountSchedulesCall call) {
    return count_matching<service::CountSchedulesRequest, service::CountSchedulesResponse>(
        context_, "the schedules", "CountSchedules", std::move(call.query)
    );
}

}  // namespace hourglass::client
