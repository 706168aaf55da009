#pragma once

#include "src/base/fork.hpp"

#include <atomic>
#include <cstdint>
#include <utility>

namespace hourglass::fork {

/// A `T` of this process, made at its first use. A forked child makes another one; the `T` that it
/// inherited is neither used nor destroyed there, whatever its threads were doing with it.
/// @threads any; no lock.
template <class T>
class PerProcess {
public:
    PerProcess() = default;
    PerProcess(const PerProcess&) = delete;
    PerProcess& operator=(const PerProcess&) = delete;
    ~PerProcess() {
        const Made* const made = newest_.load();
        if (made != nullptr && made->epoch == process_epoch()) {
            keep_for_ever(made->inherited);
            delete made;
        } else {
            keep_for_ever(made);
        }
    }

    /// @param make  gives a T; quick, since of several that are made at once all but one are
    /// dropped.
    template <class Make>
    T& get(const Make& make) {
        Made* newest = newest_.load(std::memory_order_acquire);
        if (newest != nullptr && newest->epoch == process_epoch()) {
            return newest->value;
        }
        auto* const made = new Made{newest, make};
        while (!newest_.compare_exchange_strong(newest, made, std::memory_order_acq_rel)) {
            if (newest != nullptr && newest->epoch == process_epoch()) {
                delete made;
                return newest->value;
            }
        }
        return made->value;
    }
    T& get() {
        return get([] { return T(); });
    }

    /// Null if this process has made none.
    [[nodiscard]] T* find() {
        Made* const newest = newest_.load(std::memory_order_acquire);
        return newest != nullptr && newest->epoch == process_epoch() ? &newest->value : nullptr;
    }

private:
    struct Made {
        template <class Make>
        Made(const Made* before, const Make& make) : inherited{before}, value{make()} {}

        const std::uint64_t epoch = process_epoch();
        const Made* const inherited;
        T value;
    };

    std::atomic<Made*> newest_{nullptr};
};

/// A PerProcess for a static, to be declared constinit: no code runs for it at the first use, which
/// a child that is forked meanwhile would wait for, nor at the program's end.
template <class T>
union StaticPerProcess {
    constexpr StaticPerProcess() noexcept : of_process{} {}
    ~StaticPerProcess() {}

    PerProcess<T> of_process;
};

}  // namespace hourglass::fork
