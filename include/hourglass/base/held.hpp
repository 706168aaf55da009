#pragma once

#include <concepts>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace hourglass::detail {

/// A member of an options aggregate that owns something: reads and is set like a T.
///
/// g++ 12 copies an aggregate that is written inside of a co_await expression bit by bit, uses the
/// copy, and then destroys both, the copy first (GCC bug 99576 and its kin). That is what `co_await
/// execute_activity<&f>({.summary = "..."}, x)` does, and a std::string does not survive it. This
/// does: it knows its own address, so a copy that no constructor made owns nothing.
template <class T>
class Held {
public:
    Held() noexcept = default;
    template <class U>
        requires(std::convertible_to<U &&, T> && !std::same_as<std::remove_cvref_t<U>, Held>)
    Held(U&& value) : value_{new T(std::forward<U>(value))} {}
    /// A list, written out: `.memo = {{"customer", to_payload("ada")}}`.
    template <class M = T>
        requires std::constructible_from<M, std::initializer_list<typename M::value_type>>
    Held(std::initializer_list<typename M::value_type> entries) : value_{new T(entries)} {}
    // Also the move: what is moved from may be such a copy, from which nothing can be taken.
    Held(const Held& other) : value_{other.value_ != nullptr ? new T(*other.value_) : nullptr} {}
    Held& operator=(const Held& other) {
        if (this != &other) {
            Held copy{other};
            std::swap(value_, copy.value_);
        }
        return *this;
    }
    ~Held() {
        if (self_ == this) {
            delete value_;
        }
    }

    [[nodiscard]] const T& get() const noexcept {
        static const T kNothing{};
        return value_ != nullptr ? *value_ : kNothing;
    }
    operator const T&() const noexcept { return get(); }
    const T* operator->() const noexcept { return &get(); }
    const T& operator*() const noexcept { return get(); }
    friend bool operator==(const Held& one, const Held& other) { return *one == *other; }
    template <class U>
        requires(!std::same_as<U, Held> && std::equality_comparable_with<T, U>)
    friend bool operator==(const Held& one, const U& other) {
        return *one == other;
    }

private:
    const T* value_ = nullptr;
    const Held* self_ = this;
};

}  // namespace hourglass::detail

namespace hourglass::workflow::detail {
using hourglass::detail::Held;
}  // namespace hourglass::workflow::detail
