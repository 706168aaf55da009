#pragma once

#include "src/client/call.hpp"

#include <google/protobuf/message.h>

namespace hourglass::client {

/// As `call`, with the payloads of the request encoded on the way there and those of the answer
/// decoded on the way back, if the settings and `CallSpec::coded_as` ask for it. Both happen on
/// threads of their own, and count for the call's timeout.
/// @param response  the type of the answer; lives for ever.
void coded_call(
    const CallSettings& settings,
    CallSpec spec,
    const google::protobuf::Message& response,
    RpcCallback callback
);

}  // namespace hourglass::client
