#pragma once

#include "hourglass/supervision/process.hpp"
#include "hourglass/supervision/reply.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace hourglass::supervision {

/// When a child that ended is started again.
enum class Restart : std::uint8_t {
    Permanent,  ///< always
    Transient,  ///< only after an abnormal end: anything but `normal` and `shutdown`
    Temporary,  ///< never; its specification is forgotten
};

enum class ChildType : std::uint8_t { Worker, Supervisor };

/// How a child is stopped.
class Shutdown {
public:
    /// Ask with `shutdown`, kill after `limit`. The default of workers is 5 s.
    template <class Rep, class Period>
    Shutdown(std::chrono::duration<Rep, Period> limit) noexcept : limit_{limit} {}
    static Shutdown within(std::chrono::nanoseconds limit) noexcept { return Shutdown{limit}; }
    /// Ask, and wait as long as it takes. The default of supervisors: their children have limits of
    /// their own.
    static Shutdown infinity() noexcept { return Shutdown{kInfinity}; }
    /// Kill without asking.
    static Shutdown brutal_kill() noexcept { return Shutdown{std::chrono::nanoseconds{-1}}; }

    [[nodiscard]] bool is_brutal() const noexcept { return limit_ < std::chrono::nanoseconds{0}; }
    [[nodiscard]] std::chrono::nanoseconds limit() const noexcept { return limit_; }

private:
    std::chrono::nanoseconds limit_;
};

/// Makes the process; runs in the child itself, at each start. Null means: nothing is to run (OTP's
/// `:ignore`). An exception makes the start fail.
using StartFunction = std::function<std::unique_ptr<Process>()>;

/// What a supervisor knows about one child.
///
/// A child that has not ended within its shutdown time is killed. One that is in the middle of a
/// handler then is *abandoned*, since a thread cannot be killed: it counts as ended, takes no
/// message, and its handler finishes on its thread without effect on the tree. That is reported.
struct ChildSpec {
    std::string id = {};
    StartFunction start = {};
    Restart restart = Restart::Permanent;
    /// Unset: 5 s for a worker, infinity for a supervisor.
    std::optional<Shutdown> shutdown = std::nullopt;
    ChildType type = ChildType::Worker;

    [[nodiscard]] Shutdown effective_shutdown() const noexcept {
        return shutdown.value_or(
            type == ChildType::Supervisor ? Shutdown::infinity() : Shutdown{std::chrono::seconds{5}}
        );
    }
};

namespace detail {
template <class P>
constexpr ChildType child_type() {
    if constexpr (requires { P::kChildType; }) {
        return P::kChildType;
    } else {
        return ChildType::Worker;
    }
}
}  // namespace detail

/// The specification of a permanent child that is a `P(args...)`; each start gets copies of `args`.
template <class P, class... A>
[[nodiscard]] ChildSpec child(std::string id, A... args) {
    static_assert(std::derived_from<P, Process>, "a child is a class derived from Process");
    return {
        .id = std::move(id),
        .start = [args...]() -> std::unique_ptr<Process> { return std::make_unique<P>(args...); },
        .type = detail::child_type<P>(),
    };
}

}  // namespace hourglass::supervision
