#pragma once

#include "hourglass/codec/payload_context.hpp"
#include "src/worker/task_coding.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hourglass::worker {

/// Encodes one attempt's heartbeats, one after the other, and passes them on. While one is encoded
/// only the newest that came meanwhile is kept: a heartbeat says how things stand.
/// @threads any.
class HeartbeatCoding : public std::enable_shared_from_this<HeartbeatCoding> {
public:
    using Send = std::function<void(std::string serialized)>;
    using Failed = std::function<void(std::string why)>;

    HeartbeatCoding(
        std::shared_ptr<const TaskCoding> coding, PayloadContext activity, Send send, Failed failed
    );

    void record(std::string serialized);

    /// Runs `then` once all that was recorded is passed on: the details must not come after the
    /// result.
    void when_idle(std::function<void()> then);

private:
    void work();
    void encode(const std::string& serialized) const;

    const std::shared_ptr<const TaskCoding> coding_;
    const PayloadContext activity_;
    const Send send_;
    const Failed failed_;
    std::mutex mutex_;
    std::optional<std::string> newest_;
    bool busy_ = false;
    std::function<void()> then_;
};

}  // namespace hourglass::worker
