#pragma once

#include "src/client/rpc_channel.hpp"

#include <exception>
#include <string>
#include <string_view>

namespace hourglass::client {

/// What a call was about, for the texts of its errors.
struct CallTarget {
    std::string address;
    std::string namespace_name;
    /// "start workflow \"order-7\""; it follows "cannot ".
    std::string action;
    std::string workflow_id = {};
    std::string run_id = {};
    /// Set if the call is about a schedule.
    std::string schedule_id = {};
    /// Whether the call is about an activity, and about which.
    bool of_activity = false;
    std::string activity_id = {};
    /// Set if the call is about a Nexus operation.
    std::string nexus_operation_id = {};
};

/// The message of a failure whose call was never sent: nothing can have been done then.
inline constexpr std::string_view kNeverSent = "its time had passed before it could be sent";

/// The exception of client/errors.hpp for a call that failed, by its status code and the details of
/// the server's answer.
[[nodiscard]] std::exception_ptr to_exception(const CallTarget& target, const RpcFailure& failure);

}  // namespace hourglass::client
