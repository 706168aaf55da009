#pragma once

#include "hourglass/workflow/detail/operation.hpp"

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace hourglass::workflow::detail {

/// What stands for an operation: copies share it, it can be awaited any number of times.
template <class H>
concept Handle = requires(const H& handle) {
    { handle.operation() } -> std::same_as<Operation&>;
    handle.result();
};

/// Awaits one operation and gives its handle's result.
template <class H>
class HandleAwaiter {
public:
    HandleAwaiter(H handle, Frame& frame) : handle_{std::move(handle)}, frame_{frame} {
        waiter_.operation = &handle_.operation();
    }
    HandleAwaiter(const HandleAwaiter&) = delete;
    HandleAwaiter& operator=(const HandleAwaiter&) = delete;
    ~HandleAwaiter() = default;

    [[nodiscard]] bool await_ready() noexcept {
        return waiter_.operation->ready() || suspension_.refused(frame_, std::span{&waiter_, 1});
    }
    void await_suspend(std::coroutine_handle<> /*awaiting*/) noexcept {
        suspension_.suspend(frame_, std::span{&waiter_, 1}, 1);
    }
    decltype(auto) await_resume() {
        suspension_.check();
        return handle_.result();
    }

private:
    H handle_;
    Frame& frame_;
    Suspension suspension_;
    Waiter waiter_;
};

/// Awaits several operations: all of them, or the first one, whose index it gives.
class GroupAwaiter {
public:
    /// @param own  whether the operations are Tasks that belong to who waits.
    GroupAwaiter(
        const std::vector<Ref<Operation>>& operations,
        const std::vector<bool>& own,
        bool first_is_enough,
        Frame& frame
    );
    GroupAwaiter(const GroupAwaiter&) = delete;
    GroupAwaiter& operator=(const GroupAwaiter&) = delete;
    ~GroupAwaiter() = default;

    [[nodiscard]] bool await_ready() noexcept;
    void await_suspend(std::coroutine_handle<> awaiting) noexcept;
    std::size_t await_resume() const;

private:
    Frame& frame_;
    std::size_t count_;
    std::unique_ptr<Waiter[]> waiters_;
    bool first_is_enough_;
    bool stood_still_ = false;
    std::size_t first_ready_ = 0;
    Suspension suspension_;
};

/// The operations must stay alive while it is awaited.
struct Group {
    using WorkflowAwaitable = void;

    const std::vector<Ref<Operation>>* operations;
    bool first_is_enough;
    /// For each, whether it is a Task that belongs to who waits; empty: none is.
    std::vector<bool> own{};

    [[nodiscard]] GroupAwaiter workflow_awaiter(Frame& frame) const {
        return GroupAwaiter{*operations, own, first_is_enough, frame};
    }
};

}  // namespace hourglass::workflow::detail
