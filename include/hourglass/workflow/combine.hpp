#pragma once

#include "hourglass/workflow/detail/handle_awaiter.hpp"
#include "hourglass/workflow/spawn.hpp"
#include "hourglass/workflow/task.hpp"

#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hourglass::workflow {

namespace detail {

/// An argument of all() or race(): a handle, or a Task by value.
template <class A>
concept Joinable = Handle<std::remove_cvref_t<A>> ||
                   (kIsTask<std::remove_cvref_t<A>> && !std::is_lvalue_reference_v<A>);

template <class T>
TaskHandle<T> as_handle(Task<T> task, const char* api) {
    return TaskHandle<T>{start_task(std::move(task), false, api)};
}
template <Handle H>
H as_handle(H handle, const char* /*api*/) {
    return handle;
}

template <class A>
using HandleOf = decltype(as_handle(std::declval<std::remove_cvref_t<A>>(), ""));
template <class H>
using ResultOfHandle = decltype(std::declval<const H&>().result());
template <class H>
using SlotOf =
    std::conditional_t<std::is_void_v<ResultOfHandle<H>>, std::monostate, ResultOfHandle<H>>;

template <class H>
SlotOf<H> slot_of(const H& handle) {
    if constexpr (std::is_void_v<ResultOfHandle<H>>) {
        handle.result();
        return std::monostate{};
    } else {
        return handle.result();
    }
}

/// Waits until all have ended; throws the first error in their order.
Task<void> wait_for_all(std::vector<Ref<Operation>> operations);

/// @param own  for each operation, whether its error is seen by nobody else.
Task<std::size_t> wait_for_first(std::vector<Ref<Operation>> operations, std::vector<bool> own);

template <class... H>
Task<std::tuple<SlotOf<H>...>> join(Task<void> ended, std::tuple<H...> handles) {
    co_await std::move(ended);
    co_return std::apply(
        [](const H&... each) { return std::tuple<SlotOf<H>...>{slot_of(each)...}; }, handles
    );
}

template <class H, class R>
Task<std::vector<R>> join_each(Task<void> ended, std::vector<H> handles) {
    co_await std::move(ended);
    std::vector<R> results;
    results.reserve(handles.size());
    for (const auto& handle : handles) {
        results.push_back(handle.result());
    }
    co_return results;
}

}  // namespace detail

/// Waits for all of the given handles and Tasks; gives a tuple of their results, std::monostate for
/// void.
///
/// The Tasks start now. If some fail, it still waits for all and then throws the first error in the
/// order of the arguments: nothing is left running behind the caller's back.
///
/// C++ leaves open in which order the arguments of a call are evaluated: where several of them
/// start something, name them first. Otherwise the commands' order is the compiler's, and a history
/// does not replay in a build by another one.
template <detail::Joinable... A>
    requires(sizeof...(A) > 0)
Task<std::tuple<detail::SlotOf<detail::HandleOf<A>>...>> all(A&&... items) {
    std::tuple<detail::HandleOf<A>...> handles{detail::as_handle(std::forward<A>(items), "all()")...
    };
    auto operations = std::apply(
        [](const auto&... each) {
            return std::vector<detail::Ref<detail::Operation>>{detail::Ref{&each.operation()}...};
        },
        handles
    );
    return detail::join(detail::wait_for_all(std::move(operations)), std::move(handles));
}

/// The same for a vector of handles or Tasks: gives the vector of their results in the same order,
/// nothing for void.
template <class A>
    requires detail::Joinable<A>
auto all(std::vector<A> items) {
    using H = detail::HandleOf<A>;
    using R = detail::ResultOfHandle<H>;
    std::vector<H> handles;
    std::vector<detail::Ref<detail::Operation>> operations;
    handles.reserve(items.size());
    operations.reserve(items.size());
    for (auto& item : items) {
        handles.push_back(detail::as_handle(std::move(item), "all()"));
        operations.emplace_back(&handles.back().operation());
    }
    auto ended = detail::wait_for_all(std::move(operations));
    if constexpr (std::is_void_v<R>) {
        return ended;
    } else {
        return detail::join_each<H, R>(std::move(ended), std::move(handles));
    }
}

/// Waits until one of the given handles and Tasks has ended, well or not; gives its index among the
/// arguments (the lowest of those that had ended before).
///
/// As for all(), name what starts something first. The others go on: cancel them through their
/// handles. The result is asked from the winner's handle. A Task given by value has none: it starts
/// now, its result is dropped, and if it wins with an exception race() throws it. When the scope of
/// the awaiting coroutine is cancelled, what that ends is no winner: CancelledError is thrown.
template <detail::Joinable... A>
    requires(sizeof...(A) > 0)
Task<std::size_t> race(A&&... items) {
    const std::tuple<detail::HandleOf<A>...> handles{
        detail::as_handle(std::forward<A>(items), "race()")...
    };
    auto operations = std::apply(
        [](const auto&... each) {
            return std::vector<detail::Ref<detail::Operation>>{detail::Ref{&each.operation()}...};
        },
        handles
    );
    return detail::wait_for_first(
        std::move(operations), {detail::kIsTask<std::remove_cvref_t<A>>...}
    );
}

/// The same for a vector of handles or Tasks, which must not be empty.
/// @throws ConfigurationError if it is empty.
template <class A>
    requires detail::Joinable<A>
Task<std::size_t> race(std::vector<A> items) {
    std::vector<detail::Ref<detail::Operation>> operations;
    operations.reserve(items.size());
    for (auto& item : items) {
        operations.emplace_back(&detail::as_handle(std::move(item), "race()").operation());
    }
    std::vector<bool> own(operations.size(), detail::kIsTask<A>);
    return detail::wait_for_first(std::move(operations), std::move(own));
}

}  // namespace hourglass::workflow
