#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace hourglass {

template <class Signature>
class UniqueFunction;

/// A callable that can be moved but not copied, so that it may own move-only state.
///
/// Callables of up to 48 bytes live inside it; larger ones cost one allocation. Calling an empty
/// one is undefined.
template <class R, class... A>
class UniqueFunction<R(A...)> {
public:
    static constexpr std::size_t kInlineBytes = 48;

    UniqueFunction() noexcept = default;
    UniqueFunction(std::nullptr_t) noexcept {}

    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, UniqueFunction> && std::is_invocable_r_v<R, std::decay_t<F>&, A...>)
    UniqueFunction(F&& callable) {
        using Stored = std::decay_t<F>;
        if constexpr (kFitsInline<Stored>) {
            ::new (static_cast<void*>(buffer_)) Stored(std::forward<F>(callable));
            operations_ = &kInlineOperations<Stored>;
        } else {
            ::new (static_cast<void*>(buffer_)) Stored*(new Stored(std::forward<F>(callable)));
            operations_ = &kHeapOperations<Stored>;
        }
    }

    UniqueFunction(UniqueFunction&& other) noexcept { take(other); }
    UniqueFunction& operator=(UniqueFunction&& other) noexcept {
        if (this != &other) {
            reset();
            take(other);
        }
        return *this;
    }
    UniqueFunction(const UniqueFunction&) = delete;
    UniqueFunction& operator=(const UniqueFunction&) = delete;
    ~UniqueFunction() { reset(); }

    R operator()(A... arguments) {
        return operations_->call(buffer_, std::forward<A>(arguments)...);
    }

    explicit operator bool() const noexcept { return operations_ != nullptr; }

private:
    struct Operations {
        R (*call)(std::byte*, A&&...);
        void (*move)(std::byte* from, std::byte* to) noexcept;
        void (*destroy)(std::byte*) noexcept;
    };

    template <class F>
    static constexpr bool kFitsInline =
        sizeof(F) <= kInlineBytes && alignof(F) <= alignof(std::max_align_t) &&
        std::is_nothrow_move_constructible_v<F>;

    template <class F>
    static F& stored(std::byte* buffer) {
        if constexpr (kFitsInline<F>) {
            return *std::launder(reinterpret_cast<F*>(buffer));
        } else {
            return **std::launder(reinterpret_cast<F**>(buffer));
        }
    }

    template <class F>
    static R call(std::byte* buffer, A&&... arguments) {
        if constexpr (std::is_void_v<R>) {
            static_cast<void>(std::invoke(stored<F>(buffer), std::forward<A>(arguments)...));
        } else {
            return std::invoke(stored<F>(buffer), std::forward<A>(arguments)...);
        }
    }

    template <class F>
    static constexpr Operations kInlineOperations{
        &call<F>,
        [](std::byte* from, std::byte* to) noexcept {
            F& source = stored<F>(from);
            ::new (static_cast<void*>(to)) F(std::move(source));
            source.~F();  // NOLINT(bugprone-use-after-move): moved from, but still to be destroyed
        },
        [](std::byte* buffer) noexcept { stored<F>(buffer).~F(); }
    };

    template <class F>
    static constexpr Operations kHeapOperations{
        &call<F>,
        [](std::byte* from, std::byte* to) noexcept {
            ::new (static_cast<void*>(to)) F*(&stored<F>(from));
        },
        [](std::byte* buffer) noexcept { delete &stored<F>(buffer); }
    };

    void take(UniqueFunction& other) noexcept {
        if (other.operations_ != nullptr) {
            other.operations_->move(other.buffer_, buffer_);
            operations_ = std::exchange(other.operations_, nullptr);
        }
    }

    // Empty first, destroyed second: the callable's destructor may run code that looks at its
    // holder.
    void reset() noexcept {
        if (const Operations* operations = std::exchange(operations_, nullptr)) {
            operations->destroy(buffer_);
        }
    }

    alignas(std::max_align_t) std::byte buffer_[kInlineBytes];
    const Operations* operations_ = nullptr;
};

}  // namespace hourglass
