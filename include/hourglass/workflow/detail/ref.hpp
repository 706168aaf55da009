#pragma once

#include <cstdint>
#include <type_traits>
#include <utility>

namespace hourglass::workflow::detail {

/// Counts its owners without atomics: a run is touched by one thread at a time.
class RefCounted {
public:
    RefCounted() noexcept = default;
    RefCounted(const RefCounted&) = delete;
    RefCounted& operator=(const RefCounted&) = delete;

    void retain() noexcept { ++owners_; }
    void release() noexcept {
        if (--owners_ == 0) {
            delete this;
        }
    }

protected:
    virtual ~RefCounted() = default;

private:
    std::uint32_t owners_ = 0;
};

/// An owner of a RefCounted.
template <class T>
class Ref {
public:
    Ref() noexcept = default;
    explicit Ref(T* object) noexcept : object_{object} {
        if (object_ != nullptr) {
            object_->retain();
        }
    }
    Ref(const Ref& other) noexcept : Ref{other.object_} {}
    Ref(Ref&& other) noexcept : object_{std::exchange(other.object_, nullptr)} {}
    template <class U>
        requires(!std::is_same_v<T, U> && std::is_convertible_v<U*, T*>)
    Ref(const Ref<U>& other) noexcept : Ref{other.get()} {}
    Ref& operator=(Ref other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    ~Ref() {
        if (object_ != nullptr) {
            object_->release();
        }
    }

    [[nodiscard]] T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    T& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

private:
    T* object_ = nullptr;
};

template <class T, class... A>
[[nodiscard]] Ref<T> make_ref(A&&... arguments) {
    return Ref<T>{new T(std::forward<A>(arguments)...)};
}

}  // namespace hourglass::workflow::detail
