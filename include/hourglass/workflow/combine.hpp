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

/// An argument of all() or race(): a handle, or a Task by value. One by reference gets a sentence.
template <class A>
concept Joinable = Handle<std::remove_cvref_t<A>> || kIsTask<std::remove_cvref_t<A>>;

/// Who combines things, and whether each Task that it is given can be cancelled by itself.
struct Combiner {
    const char* api;
    bool cancels;
};
inline constexpr Combiner kAll{"all()", false};
inline constexpr Combiner kRace{"race()", true};

template <class T>
TaskHandle<T> as_handle(Task<T>&& task, const Combiner& by) {
    return TaskHandle<T>{start_task(std::move(task), by.cancels, by.api)};
}
template <class T>
TaskHandle<T> as_handle(const Task<T>& /*task*/, const Combiner& /*by*/) {
    static_assert(
        !kIsTask<Task<T>>,
        "all() and race() take a Task over: write std::move(task), or give them the handle of "
        "hourglass::workflow::spawn(), which can be awaited any number of times"
    );
    return TaskHandle<T>{Ref<TaskState<T>>{}};
}
template <Handle H>
H as_handle(H handle, const Combiner& /*by*/) {
    return handle;
}

template <class A>
using HandleOf = decltype(as_handle(std::declval<std::remove_cvref_t<A>>(), kAll));
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
/// @param own  for each operation, whether it is a Task that was given by value.
Task<void> wait_for_all(std::vector<Ref<Operation>> operations, std::vector<bool> own);

/// Waits until one has ended, and then for the end of those that are its own, which it cancels.
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
/// order of the arguments: nothing is left running behind the caller's back. When the scope of the
/// awaiting coroutine is cancelled, so are the Tasks, unless they are shielded, and it waits for
/// their end.
///
/// C++ leaves open in which order the arguments of a call are evaluated: where several of them
/// start something, name them first. Otherwise the commands' order is the compiler's, and a history
/// does not replay in a build by another one.
template <detail::Joinable... A>
    requires(sizeof...(A) > 0)
Task<std::tuple<detail::SlotOf<detail::HandleOf<A>>...>> all(A&&... items) {
    std::tuple<detail::HandleOf<A>...> handles{
        detail::as_handle(std::forward<A>(items), detail::kAll)...
    };
    auto operations = std::apply(
        [](const auto&... each) {
            return std::vector<detail::Ref<detail::Operation>>{detail::Ref{&each.operation()}...};
        },
        handles
    );
    auto ended =
        detail::wait_for_all(std::move(operations), {detail::kIsTask<std::remove_cvref_t<A>>...});
    return detail::join(std::move(ended), std::move(handles));
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
        handles.push_back(detail::as_handle(std::move(item), detail::kAll));
        operations.emplace_back(&handles.back().operation());
    }
    std::vector<bool> own(operations.size(), detail::kIsTask<A>);
    auto ended = detail::wait_for_all(std::move(operations), std::move(own));
    if constexpr (std::is_void_v<R>) {
        return ended;
    } else {
        return detail::join_each<H, R>(std::move(ended), std::move(handles));
    }
}

template <class T>
auto all(std::vector<Task<T>>& items) {
    static_assert(
        !detail::kIsTask<Task<T>>,
        "all() takes the Tasks over: write all(std::move(tasks)), or keep the handles of "
        "hourglass::workflow::spawn() in the vector, which can be awaited any number of times"
    );
    return all(std::move(items));
}

/// Waits until one of the given handles and Tasks has ended, well or not; gives its index among the
/// arguments (the lowest of those that had ended before).
///
/// As for all(), name what starts something first. What was given as a handle goes on: its result
/// is asked from the handle, and it is cancelled through that. A Task given by value has none: it
/// starts now, its result is dropped, and if it wins with an exception race() throws it. If it does
/// not win it is cancelled, and race() waits for its end, so that nothing runs on with what the
/// caller's frame held. When the scope of the awaiting coroutine is cancelled, what that ends is no
/// winner: CancelledError is thrown.
template <detail::Joinable... A>
    requires(sizeof...(A) > 0)
Task<std::size_t> race(A&&... items) {
    const std::tuple<detail::HandleOf<A>...> handles{
        detail::as_handle(std::forward<A>(items), detail::kRace)...
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
        operations.emplace_back(&detail::as_handle(std::move(item), detail::kRace).operation());
    }
    std::vector<bool> own(operations.size(), detail::kIsTask<A>);
    return detail::wait_for_first(std::move(operations), std::move(own));
}

template <class T>
auto race(std::vector<Task<T>>& items) {
    static_assert(
        !detail::kIsTask<Task<T>>,
        "race() takes the Tasks over: write race(std::move(tasks)), or keep the handles of "
        "hourglass::workflow::spawn() in the vector, which can be awaited any number of times"
    );
    return race(std::move(items));
}

}  // namespace hourglass::workflow
