#pragma once

#include <cstdint>

namespace hourglass::workflow {

/// The number of the newest of each kind, by which Core's jobs name it; the first one has 1.
struct Sequences {
    std::uint32_t activity = 0;
    std::uint32_t timer = 0;
    std::uint32_t child = 0;
    std::uint32_t nexus_operation = 0;
    std::uint32_t signal = 0;
    std::uint32_t cancel_request = 0;
    std::uint32_t event_group = 0;
};

}  // namespace hourglass::workflow
