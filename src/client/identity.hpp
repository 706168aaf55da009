#pragma once

#include <string>

namespace hourglass::client {

/// "pid@host", as histories show who called.
[[nodiscard]] std::string default_identity();

/// Who a process is that was forked from one with the identity `given`: nobody is to take one for
/// the other. Empty: its own default; else `given` with its process id, "orders#4711".
[[nodiscard]] std::string identity_in_child(const std::string& given);

}  // namespace hourglass::client
