#pragma once

#include "hourglass/convert/payload.hpp"

#include "temporal/api/history/v1/message.pb.h"

#include <string>

namespace hourglass::client {

/// The run that goes on where `event` closed one, by continue-as-new, a retry or a cron schedule;
/// empty: none.
[[nodiscard]] std::string following_run(const temporal::api::history::v1::HistoryEvent& event);

/// The result that `event` closed a run with.
/// @throws WorkflowFailedError if it is none; RpcError if the event closes nothing.
[[nodiscard]] Payloads result_of(
    const temporal::api::history::v1::HistoryEvent& event,
    const std::string& workflow_id,
    const std::string& run_id
);

}  // namespace hourglass::client
