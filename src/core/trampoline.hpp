#pragma once

#include "src/core/bridge.hpp"
#include "src/core/callback.hpp"
#include "src/core/status.hpp"

#include <string>
#include <string_view>
#include <utility>

/// Between C++ and the bridge's C: for the .cpp files of this folder only.
namespace hourglass::core {

/// Borrows `text` for a call.
[[nodiscard]] inline HgBytesRef borrow(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] inline std::string_view view_of(const HgBytesRef& bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data), bytes.data == nullptr ? 0 : bytes.len};
}

/// Takes over what `result` owns, which is `from`'s.
[[nodiscard]] BytesResult adopt(HgResult result, const Bridge& from);
[[nodiscard]] VoidResult adopt_void(HgResult result, const Bridge& from);

/// The answer of a call that got a handle of one build of the bridge and one of another.
[[nodiscard]] CallError of_another_build(std::string_view what);

/// Says that a callback threw; the one who waits for it learns nothing.
void report_escaped(const char* what) noexcept;

/// Calls `callback`, which may not throw; what it throws all the same is reported and dropped.
template <class Outcome>
void deliver(Callback<Outcome>& callback, Outcome outcome) noexcept {
    try {
        callback(std::move(outcome));
    } catch (const std::exception& error) {
        report_escaped(error.what());
    } catch (...) {
        report_escaped("not a std::exception");
    }
}

/// Who waits for the answer of an asynchronous call, and whose the answer is.
template <class Outcome>
struct Waiting {
    Callback<Outcome> callback;
    const Bridge& from;
};

/// Makes `callback` the user data of an asynchronous call of `from`; the trampolines below delete
/// it.
template <class Outcome>
[[nodiscard]] void* into_user_data(Callback<Outcome> callback, const Bridge& from) {
    return new Waiting<Outcome>{std::move(callback), from};
}

extern "C" void hg_cpp_bytes_done(void* user_data, HgResult result) noexcept;
extern "C" void hg_cpp_void_done(void* user_data, HgResult result) noexcept;

}  // namespace hourglass::core
