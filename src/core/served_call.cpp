#include "src/core/served_call.hpp"

#include "src/core/trampoline.hpp"

#include <utility>

namespace hourglass::core {

ServedCall::ServedCall(ServedCall&& other) noexcept
    : handle_{std::exchange(other.handle_, nullptr)}, from_{other.from_} {}

ServedCall& ServedCall::operator=(ServedCall&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(from_, other.from_);
    return *this;
}

ServedCall::~ServedCall() {
    from_->served_call_free(handle_);
}

VoidResult ServedCall::answer(std::string_view response) {
    return adopt_void(from_->served_call_answer(handle_, borrow(response)), *from_);
}

VoidResult ServedCall::fail(int grpc_code, std::string_view message, std::string_view details) {
    return adopt_void(
        from_->served_call_fail(handle_, grpc_code, borrow(message), borrow(details)), *from_
    );
}

}  // namespace hourglass::core
