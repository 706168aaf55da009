#pragma once

#include "hourglass/base/future.hpp"

#include <memory>
#include <type_traits>
#include <utility>

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

}  // namespace hourglass::detail
