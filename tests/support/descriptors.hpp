#pragma once

#include "src/base/unique_fd.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <sys/resource.h>
#include <vector>

namespace hourglass::test {

/// Leaves this process no file descriptor to open, until it is released or destroyed.
class NoDescriptorLeft {
public:
    /// @param but  so many.
    explicit NoDescriptorLeft(int but = 0) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit low = before_;
        low.rlim_cur = kLow;
        if (::setrlimit(RLIMIT_NOFILE, &low) != 0) {
            throw std::runtime_error{"the limit of descriptors cannot be set"};
        }
        while (UniqueFd taken{::open("/dev/null", O_RDONLY | O_CLOEXEC)}) {
            taken_.push_back(std::move(taken));
        }
        taken_.resize(taken_.size() - static_cast<std::size_t>(but));
    }
    ~NoDescriptorLeft() { release(); }
    NoDescriptorLeft(const NoDescriptorLeft&) = delete;
    NoDescriptorLeft& operator=(const NoDescriptorLeft&) = delete;

    void release() const { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    static constexpr rlim_t kLow = 256;  // more than a test has open
    rlimit before_{};
    std::vector<UniqueFd> taken_;
};

}  // namespace hourglass::test
