#include "allocations.hpp"

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t count = 0;
thread_local std::int64_t bytes = 0;

void* counted(std::size_t size) {
    ++count;
    if (void* const memory = std::malloc(size == 0 ? 1 : size)) {
        bytes += static_cast<std::int64_t>(::malloc_usable_size(memory));
        return memory;
    }
    throw std::bad_alloc{};
}

void freed(void* memory) noexcept {
    bytes -= static_cast<std::int64_t>(::malloc_usable_size(memory));  // of null: 0
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    freed(memory);
}
void operator delete[](void* memory) noexcept {
    freed(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
    freed(memory);
}
void operator delete[](void* memory, std::size_t /*size*/) noexcept {
    freed(memory);
}

namespace bench {

std::uint64_t allocations() noexcept {
    return count;
}

std::int64_t heap_bytes() noexcept {
    return bytes;
}

}  // namespace bench
