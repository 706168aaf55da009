#pragma once

#include "hourglass/base/future.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

namespace hourglass::detail {

template <class T, class F>
struct ContinuedWith {
    using Type = std::invoke_result_t<F&, T>;
};
template <class F>
struct ContinuedWith<void, F> {
    using Type = std::invoke_result_t<F&>;
};

/// Calls `function` with the settled future's value; throws its error.
template <class T, class F>
auto apply_to_value(const Future<T>& future, F& function) -> typename ContinuedWith<T, F>::Type {
    if constexpr (std::is_void_v<T>) {
        future.get();
        return function();
    } else {
        return function(future.get());
    }
}

/// Settles the promise with what `produce` returns or throws.
template <class R, class Produce>
void settle_with(Promise<R>& promise, Produce produce) {
    try {
        if constexpr (std::is_void_v<R>) {
            produce();
            promise.set_value();
        } else {
            promise.set_value(produce());
        }
    } catch (...) {  // whatever it is, it is the caller's answer
        promise.set_error(std::current_exception());
    }
}

/// What `function` makes of the future's value, once it is there; errors pass by it. It runs on the
/// thread that settles `future`, or here if that is settled already.
template <class T, class F>
auto map(Future<T> future, F function) {
    using R = typename ContinuedWith<T, F>::Type;
    auto promise = std::make_shared<Promise<R>>();
    Future<R> mapped = promise->future();
    future.on_ready([future, promise, function = std::move(function)]() mutable {
        settle_with(*promise, [&]() -> R { return apply_to_value(future, function); });
    });
    return mapped;
}

/// As `map`, for a function that returns a Future itself.
template <class T, class F>
auto chain(Future<T> future, F function) {
    using Next = typename ContinuedWith<T, F>::Type;
    using R = decltype(std::declval<Next>().get());
    auto promise = std::make_shared<Promise<R>>();
    Future<R> chained = promise->future();
    future.on_ready([future, promise, function = std::move(function)]() mutable {
        try {
            Next next = apply_to_value(future, function);
            next.on_ready([next, promise] {
                settle_with(*promise, [&]() -> R { return next.get(); });
            });
        } catch (...) {  // as in settle_with
            promise->set_error(std::current_exception());
        }
    });
    return chained;
}

/// The values of all futures, in their order, once the last one is there; the error of the first
/// that failed, in their order.
template <class T>
Future<std::vector<T>> all_of(std::vector<Future<T>> futures) {
    auto promise = std::make_shared<Promise<std::vector<T>>>();
    auto all = promise->future();
    // One more than there are, so that nothing settles before this function ends.
    const auto open = std::make_shared<std::atomic<std::size_t>>(futures.size() + 1);
    const auto shared = std::make_shared<const std::vector<Future<T>>>(std::move(futures));
    const auto settled = [promise, open, shared] {
        if (--*open > 0) {
            return;
        }
        settle_with(*promise, [&] {
            std::vector<T> values;
            values.reserve(shared->size());
            for (const auto& each : *shared) {
                values.push_back(each.get());
            }
            return values;
        });
    };
    for (const auto& each : *shared) {
        each.on_ready(settled);
    }
    settled();
    return all;
}

}  // namespace hourglass::detail
