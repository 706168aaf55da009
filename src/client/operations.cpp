#include "src/client/operations.hpp"

#include "src/base/hexadecimal.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <system_error>
#include <unistd.h>

namespace hourglass::client {

using std::chrono::milliseconds;

Deadline::Deadline(std::optional<milliseconds> timeout) {
    too_late_ = timeout && *timeout <= milliseconds{0};
    if (timeout) {
        at_ = CallbackPool::Clock::now() + std::min(*timeout, kLongestWait);
    }
}

std::optional<milliseconds> Deadline::left() const {
    if (!at_ || too_late_) {
        return too_late_ ? std::optional{milliseconds{0}} : std::nullopt;
    }
    return std::max(
        milliseconds{1}, std::chrono::ceil<milliseconds>(*at_ - CallbackPool::Clock::now())
    );
}

RpcContextPtr as_one_call(const RpcContextPtr& context) {
    auto one = std::make_shared<RpcContext>(*context);
    const auto limit = limit_of(*context, context->options.timeout.value_or(context->rpc_timeout));
    one->options.deadline = std::chrono::steady_clock::now() + *limit;
    return one;
}

void set_execution(
    const detail::ExecutionRef& target, temporal::api::common::v1::WorkflowExecution* proto
) {
    proto->set_workflow_id(target.workflow_id);
    proto->set_run_id(target.run_id);
}

detail::ExecutionRef to_started(
    const std::string& id,
    const std::string& run_id,
    const std::string& first_execution_run_id,
    bool started
) {
    detail::ExecutionRef execution;
    execution.workflow_id = id;
    execution.result_run_id = run_id;
    execution.first_execution_run_id = first_execution_run_id;
    // An older server does not tell the chain of an execution that was there before.
    if (execution.first_execution_run_id.empty() && started) {
        execution.first_execution_run_id = run_id;
    }
    return execution;
}

std::string new_uuid() {
    // From the kernel each time: a forked child must not repeat its parent's numbers. Not from
    // std::random_device, which asks the processor what it is: microseconds, in a virtual machine.
    std::array<std::uint8_t, 16> bytes{};
    if (::getentropy(bytes.data(), bytes.size()) != 0) {
        throw std::system_error{errno, std::generic_category(), "no random numbers for a UUID"};
    }
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    std::string text = to_hexadecimal(bytes);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
        text.insert(dash, 1, '-');
    }
    return text;
}

}  // namespace hourglass::client
