#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace hourglass::workflow::detail {

// Values in a table of the process, by numbers that are used once. 0 is the number of nothing.
// @threads any: a temporary of an await may be destroyed on another thread than it was made on.
[[nodiscard]] std::uint64_t hold(std::shared_ptr<const void> value);
[[nodiscard]] std::uint64_t hold_again(std::uint64_t number) noexcept;
[[nodiscard]] const void* held(std::uint64_t number) noexcept;
void let_go(std::uint64_t number) noexcept;

/// A member of an options aggregate that owns something: reads and is set like a T.
///
/// g++ 12 copies an aggregate that is written inside of a co_await expression bit by bit and then destroys each member twice
/// (GCC bug 99576 and its kin), which is what `co_await execute_activity<&f>({.summary = "..."}, x)` does. A std::string does
/// not survive that. This does: it is a number, and letting go of it a second time does nothing.
template <class T>
class Held {
public:
    constexpr Held() noexcept = default;
    template <class U>
        requires(std::convertible_to<U &&, T> && !std::same_as<std::remove_cvref_t<U>, Held>)
    Held(U&& value) : number_{hold(std::make_shared<const T>(std::forward<U>(value)))} {}
    Held(const Held& other) noexcept : number_{hold_again(other.number_)} {}
    Held& operator=(const Held& other) noexcept {
        if (number_ != other.number_) {
            let_go(number_);
            number_ = hold_again(other.number_);
        }
        return *this;
    }
    ~Held() { let_go(number_); }

    [[nodiscard]] const T& get() const noexcept {
        static const T kNothing{};
        const void* value = number_ == 0 ? nullptr : held(number_);
        return value == nullptr ? kNothing : *static_cast<const T*>(value);
    }
    operator const T&() const noexcept { return get(); }
    const T* operator->() const noexcept { return &get(); }
    const T& operator*() const noexcept { return get(); }

private:
    std::uint64_t number_ = 0;
};

}  // namespace hourglass::workflow::detail
