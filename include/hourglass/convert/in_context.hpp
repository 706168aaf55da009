#pragma once

#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/payload.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "hourglass/convert/typed_calls.hpp"

#include <utility>

namespace hourglass::detail {

// As the functions without `_in`, of values of the context that `whose` tells.

template <auto F, class... A>
[[nodiscard]] Payloads encode_for_in(const ContextSource& whose, A&&... arguments) {
    const ConversionScope scope{&whose};
    return encode_for<F>(std::forward<A>(arguments)...);
}
template <class... A>
[[nodiscard]] Payloads encode_arguments_in(const ContextSource& whose, const A&... arguments) {
    const ConversionScope scope{&whose};
    return encode_arguments(arguments...);
}
template <class T>
[[nodiscard]] T from_payload_in(const ContextSource& whose, const Payload& payload) {
    const ConversionScope scope{&whose};
    return from_payload<T>(payload);
}
template <class T>
[[nodiscard]] T decode_result_in(const ContextSource& whose, const Payloads& payloads) {
    const ConversionScope scope{&whose};
    return decode_result<T>(payloads);
}

}  // namespace hourglass::detail
