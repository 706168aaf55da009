#pragma once

#include <cstdint>

namespace hourglass::test {

/// A port of the loopback that nothing listens on, and that the kernel gives to nobody who
/// connects: it may be closed and opened again without somebody taking it meanwhile, and connecting
/// to it while it is closed never ends in a connection with oneself.
/// @throws std::runtime_error if there is none.
[[nodiscard]] std::uint16_t free_port();

}  // namespace hourglass::test
