#include "src/worker/heartbeat_coding.hpp"

#include <exception>
#include <utility>

namespace hourglass::worker {

HeartbeatCoding::HeartbeatCoding(
    std::shared_ptr<const TaskCoding> coding, PayloadContext activity, Send send, Failed failed
)
    : coding_{std::move(coding)},
      activity_{std::move(activity)},
      send_{std::move(send)},
      failed_{std::move(failed)} {}

void HeartbeatCoding::record(std::string serialized) {
    {
        const std::lock_guard lock{mutex_};
        newest_ = std::move(serialized);
        if (std::exchange(busy_, true)) {
            return;
        }
    }
    coding_->run([self = shared_from_this()] { self->work(); });
}

void HeartbeatCoding::when_idle(std::function<void()> then) {
    {
        const std::lock_guard lock{mutex_};
        if (busy_) {
            then_ = std::move(then);
            return;
        }
    }
    then();
}

void HeartbeatCoding::work() {
    while (true) {
        std::optional<std::string> next;
        std::function<void()> then;
        {
            const std::lock_guard lock{mutex_};
            next = std::exchange(newest_, std::nullopt);
            if (!next) {
                busy_ = false;
                then = std::exchange(then_, nullptr);
            }
        }
        if (!next) {
            if (then) {
                then();
            }
            return;
        }
        encode(*next);
    }
}

void HeartbeatCoding::encode(const std::string& serialized) const {
    std::string encoded;
    try {
        encoded = coding_->encode_heartbeat(activity_, serialized);
    } catch (const std::exception& error) {
        failed_(error.what());
        return;
    }
    send_(std::move(encoded));
}

}  // namespace hourglass::worker
