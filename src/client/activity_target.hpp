#pragma once

#include "hourglass/client/calls_about_activities.hpp"
#include "src/client/checks.hpp"
#include "src/client/rpc.hpp"

#include <exception>
#include <string>

namespace hourglass::client {

/// The target of a call about a standalone activity.
inline CallTarget activity_target(
    const RpcContext& context, const std::string& verb, const StandaloneActivityRef& activity
) {
    CallTarget target = target_of(context, verb + " activity \"" + activity.id + '"');
    target.of_activity = true;
    target.activity_id = activity.id;
    target.run_id = activity.run_id;
    return target;
}

inline std::exception_ptr unusable_activity(
    const StandaloneActivityRef& activity, const std::string& verb
) {
    return unusable_id(
        activity.id, verb, "an activity", "give client.activity(…) the activity's id"
    );
}

}  // namespace hourglass::client
