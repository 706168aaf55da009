#include "src/client/operations.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

namespace hourglass::client {

using std::chrono::milliseconds;

Deadline::Deadline(std::optional<milliseconds> timeout) {
    if (timeout) {
        at_ = CallbackPool::Clock::now() + *timeout;
    }
}

std::optional<milliseconds> Deadline::left() const {
    if (!at_) {
        return std::nullopt;
    }
    return std::max(
        milliseconds{1}, std::chrono::ceil<milliseconds>(*at_ - CallbackPool::Clock::now())
    );
}

void set_execution(
    const detail::ExecutionRef& target, temporal::api::common::v1::WorkflowExecution* proto
) {
    proto->set_workflow_id(target.workflow_id);
    proto->set_run_id(target.run_id);
}

std::string new_uuid() {
    // The device each time: a forked child must not repeat its parent's numbers.
    std::random_device device;
    std::array<std::uint8_t, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
        const std::uint32_t word = device();
        for (std::size_t j = 0; j < 4; ++j) {
            bytes[i + j] = static_cast<std::uint8_t>(word >> (8 * j));
        }
    }
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            text += '-';
        }
        text += kDigits[bytes[i] >> 4];
        text += kDigits[bytes[i] & 0x0F];
    }
    return text;
}

}  // namespace hourglass::client
