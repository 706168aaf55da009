#pragma once

#include <cstdint>
#include <sys/resource.h>

namespace hourglass::activity::isolation {

/// Lets this process allocate so many bytes more than it has now, as long as the object lives or
/// until it is lifted.
class MemoryLimit {
public:
    explicit MemoryLimit(std::uint64_t bytes);
    ~MemoryLimit() { lift(); }
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;

    void lift() noexcept;
    /// Whoever set one: this process may allocate all that the system allows it.
    /// @threads any.
    static void lift_for_good() noexcept;

private:
    rlimit before_{};
    bool set_ = false;
};

}  // namespace hourglass::activity::isolation
