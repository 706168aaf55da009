#pragma once

// How a call goes through the interceptors and is sent at the end.

#include "hourglass/base/error.hpp"
#include "src/client/backend.hpp"

#include <cstddef>
#include <exception>
#include <utility>

namespace hourglass::client {

/// What a Future of it fails with.
template <class R>
struct FailedWith;
template <class T>
struct FailedWith<Future<T>> {
    static Future<T> make(std::exception_ptr error) { return failed_future<T>(std::move(error)); }
};

template <class Part, class Call, class R>
R RpcBackend::through(std::size_t index, Hook<Part, Call, R> hook, Last<Call, R> last, Call call) {
    const auto& interceptors = context_->interceptors;
    if (index == interceptors.size()) {
        return (this->*last)(std::move(call));
    }
    try {
        // The rest may be called later, when nobody holds this backend any more.
        const auto rest = [context = context_, index, hook, last](Call passed) {
            RpcBackend backend{context};
            return backend.through(index + 1, hook, last, std::move(passed));
        };
        R answer = (interceptors[index].get()->*hook)(std::move(call), rest);
        if (!answer.valid()) {
            throw Error{
                "a ClientInterceptor returned a Future that belongs to no operation; return what "
                "next() gives, or the Future of a Promise"
            };
        }
        return answer;
    } catch (...) {  // it is the caller's answer
        return FailedWith<R>::make(std::current_exception());
    }
}

}  // namespace hourglass::client
