#pragma once

#include "hourglass/supervision/observer.hpp"
#include "src/subsystem/counter_book.hpp"

#include <memory>
#include <utility>

namespace hourglass::subsystem {

/// Counts what the supervisors of the tree do.
class CountingObserver final : public supervision::SupervisorObserver {
public:
    explicit CountingObserver(std::shared_ptr<CounterBook> counters)
        : counters_{std::move(counters)} {}

    void child_exited(const supervision::ChildEvent& event) noexcept override;
    void child_restarted(const supervision::ChildEvent& event) noexcept override;
    void child_abandoned(const supervision::ChildEvent& event) noexcept override;
    void intensity_exceeded(const supervision::ChildEvent& event) noexcept override;

private:
    std::shared_ptr<CounterBook> counters_;
};

}  // namespace hourglass::subsystem
