#pragma once

#include <tl/expected.hpp>

#include <utility>

namespace hourglass {

/// A value or the error that took its place; how failure travels inside the library. Users see
/// exceptions.
template <class T, class E>
using Result = tl::expected<T, E>;

/// Makes the failed side: `return failure(CallError{…});`
template <class E>
auto failure(E error) {
    return tl::make_unexpected(std::move(error));
}

}  // namespace hourglass
