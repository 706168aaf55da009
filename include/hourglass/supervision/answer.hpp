#pragma once

#include <concepts>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace hourglass::supervision {

namespace detail {

struct Unit {};
template <class R>
using ValueOf = std::conditional_t<std::is_void_v<R>, Unit, R>;

std::string error_text(const std::exception_ptr& error);

}  // namespace detail

/// What came back from a `request`: a value, or the error in its place.
template <class R>
class Answer {
public:
    using Value = detail::ValueOf<R>;

    template <class... V>
    static Answer of(V&&... value) {
        Answer answer;
        answer.value_.emplace(std::forward<V>(value)...);
        return answer;
    }
    static Answer failed(std::exception_ptr error) {
        Answer answer;
        answer.error_ = std::move(error);
        return answer;
    }

    [[nodiscard]] bool ok() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }

    /// The value. @throws the error, if that is what came.
    Value& value() & {
        require();
        return *value_;
    }
    Value&& value() && {
        require();
        return std::move(*value_);
    }

    /// The error, or null.
    [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

    /// A copy of the error if it is an `E`, e.g. `answer.error_as<CallError>()`.
    template <std::copy_constructible E>
    [[nodiscard]] std::optional<E> error_as() const {
        if (!error_) {
            return std::nullopt;
        }
        try {
            std::rethrow_exception(error_);
        } catch (const E& error) {
            return error;
        } catch (...) {  // another error: the question is answered by "no"
            return std::nullopt;
        }
    }

    /// The error's text; empty if there is none.
    [[nodiscard]] std::string error_text() const {
        return error_ ? detail::error_text(error_) : std::string{};
    }

private:
    Answer() = default;

    void require() const {
        if (error_) {
            std::rethrow_exception(error_);
        }
    }

    std::optional<Value> value_;
    std::exception_ptr error_;
};

}  // namespace hourglass::supervision
