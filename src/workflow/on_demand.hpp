#pragma once

#include <memory>

namespace hourglass::workflow {

/// Something that most workflows never have: made when it is first asked for, so that those who do
/// not have it do not hold it in memory.
template <class T>
class OnDemand {
public:
    [[nodiscard]] explicit operator bool() const noexcept { return made_ != nullptr; }

    T* operator->() { return &**this; }
    T& operator*() {
        if (!made_) {
            made_ = std::make_unique<T>();
        }
        return *made_;
    }
    const T* operator->() const { return &**this; }
    /// An empty one if it was never made.
    const T& operator*() const {
        // Never destroyed: a worker may still run while the program's statics are torn down.
        static const T& empty = *new T{};
        return made_ ? *made_ : empty;
    }
    void clear() noexcept { made_.reset(); }

private:
    std::unique_ptr<T> made_;
};

}  // namespace hourglass::workflow
