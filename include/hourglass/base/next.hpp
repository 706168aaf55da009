#pragma once

#include "hourglass/base/unique_function.hpp"

namespace hourglass {

/// The rest of a chain of interceptors, with what is asked for at its end: an interceptor calls it
/// with the call that it got, or with a changed one, and gets what the rest gives. It owns what it
/// needs, so that a coroutine may keep it.
///
/// Not called, nothing happens. Called again, it happens again.
template <class Call, class R>
using Next = UniqueFunction<R(Call)>;

}  // namespace hourglass
