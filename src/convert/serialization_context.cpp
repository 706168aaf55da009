#include "hourglass/convert/serialization_context.hpp"

#include <utility>

namespace hourglass {
namespace {

// Read and set in functions of this file only: a compiler may keep the address of a thread's
// variable across a coroutine's suspension, after which it may run on another thread.
thread_local const detail::ContextSource* current_source = nullptr;

}  // namespace

SerializationContext serialization_context() {
    return current_source != nullptr ? current_source->context() : SerializationContext{};
}

namespace detail {

ConversionScope::ConversionScope(const ContextSource* source) noexcept
    : previous_{std::exchange(current_source, source)} {}

ConversionScope::~ConversionScope() {
    current_source = previous_;
}

}  // namespace detail
}  // namespace hourglass
