#pragma once

#include "src/subsystem/living_tree.hpp"
#include "src/testing/frontend.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace bench {

/// A whole worker at its defaults, with its tree and Temporal Core, whose server is in this
/// process: Core's gRPC service is replaced by a callback, all else is as in production.
class InProcessWorker {
public:
    explicit InProcessWorker(std::uint32_t max_cached_workflows = 1000);
    /// Stops the tree in order.
    ~InProcessWorker();
    InProcessWorker(const InProcessWorker&) = delete;
    InProcessWorker& operator=(const InProcessWorker&) = delete;

    [[nodiscard]] const std::string& queue() const { return queue_; }
    /// @threads any.
    void offer(hourglass::testing::TaskOffer offer);
    [[nodiscard]] std::size_t cached_runs();

private:
    const std::string queue_ = "bench";
    const std::shared_ptr<hourglass::testing::Frontend> frontend_ =
        std::make_shared<hourglass::testing::Frontend>();
    hourglass::subsystem::LivingTree tree_;
};

/// Says why there is nothing to be measured, and ends the program: what waits for answers that are
/// not to be had cannot be ended in order.
/// @threads any.
[[noreturn]] void give_up(const std::string& why);

}  // namespace bench
