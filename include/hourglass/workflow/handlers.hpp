#pragma once

// Handlers that a workflow sets while it runs, for names that it learns late or not at all, and
// what handlers can ask about themselves.

#include "hourglass/base/function_traits.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/workflow/definition.hpp"
#include "hourglass/workflow/detail/handlers.hpp"
#include "hourglass/workflow/task.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hourglass::workflow {

/// Whether no handler of a signal or an update is under way. Wait for it before the run method
/// ends: `co_await wait_condition(all_handlers_finished);`. What still runs then is abandoned, with
/// a warning in the log.
/// @throws OutsideWorkflowError
[[nodiscard]] bool all_handlers_finished();

/// Which update a handler or a validator is called for.
struct UpdateInfo {
    std::string id{};
    std::string name{};
};

/// The update whose handler or validator is running, also in a Task that it awaits or spawned,
/// until the handler ends; nothing elsewhere.
/// @throws OutsideWorkflowError
[[nodiscard]] std::optional<UpdateInfo> current_update_info();

/// Of a handler that is set at run time.
struct HandlerOptions {
    /// For user interfaces: one line or more, the first of which is a summary.
    std::string description{};
    /// Of signals and updates.
    UnfinishedPolicy unfinished = UnfinishedPolicy::WarnAndAbandon;
};

namespace detail {

using PrepareSignal = std::function<SignalCall(const std::string& name, const Payloads& arguments)>;
using AnswerQuery = std::function<Payload(const std::string& name, const Payloads& arguments)>;
using PrepareUpdate =
    std::function<std::unique_ptr<UpdateCall>(const std::string& name, const Payloads& arguments)>;

/// @param name  unset: what no other handler takes.
void set_handler(std::optional<std::string> name, PrepareSignal handler, HandlerOptions options);
void set_handler(std::optional<std::string> name, AnswerQuery handler, HandlerOptions options);
void set_handler(std::optional<std::string> name, PrepareUpdate handler, HandlerOptions options);

template <class F>
using CallableTraits = hourglass::detail::FunctionTraits<decltype(&F::operator())>;

/// What a handler for every name takes.
using NameAndArguments = std::tuple<std::string, Payloads>;

template <class F, bool Dynamic>
constexpr void check_handler() {
    using Traits = CallableTraits<F>;
    static_assert(
        !(kIsTask<typename Traits::Result> && Traits::kTakesReferences),
        "this handler returns a Task and takes a reference: it must take values, since what a "
        "reference points to is gone when the coroutine goes on"
    );
    static_assert(
        !Dynamic || std::is_same_v<typename Traits::Arguments, NameAndArguments>,
        "a handler for every name takes the name and the arguments as they came: [](std::string "
        "name, hourglass::Payloads arguments)"
    );
}

template <class Arguments, bool Dynamic>
Arguments arguments_for(const std::string& name, const Payloads& arguments) {
    if constexpr (Dynamic) {
        return Arguments{name, arguments};
    } else {
        return decode_arguments<Arguments>(arguments);
    }
}

template <bool Dynamic, class F>
void set_signal(std::optional<std::string> name, F handler, HandlerOptions options) {
    check_handler<F, Dynamic>();
    using Traits = CallableTraits<F>;
    using R = typename Traits::Result;
    static_assert(
        std::is_void_v<R> || std::is_same_v<R, Task<void>>,
        "a signal's handler returns void or hourglass::Task<void>"
    );
    // Shared with the calls: a call outlives its handler that is replaced meanwhile.
    const auto shared = std::make_shared<F>(std::move(handler));
    set_handler(
        std::move(name),
        PrepareSignal{[shared](const std::string& its_name, const Payloads& arguments) {
            auto decoded = arguments_for<typename Traits::Arguments, Dynamic>(its_name, arguments);
            return SignalCall{[shared, decoded = std::move(decoded)](void* /*none*/) mutable {
                return std::apply(
                    [&shared](auto&... each) -> Task<void> {
                        if constexpr (kIsTask<R>) {
                            return (*shared)(std::move(each)...);
                        } else {
                            (*shared)(std::move(each)...);
                            return Task<void>{};
                        }
                    },
                    decoded
                );
            }};
        }},
        std::move(options)
    );
}

template <bool Dynamic, class F>
void set_query(std::optional<std::string> name, F handler, HandlerOptions options) {
    check_handler<F, Dynamic>();
    using Traits = CallableTraits<F>;
    using R = typename Traits::Result;
    static_assert(
        !std::is_void_v<R> && !kIsTask<R>, "a query's handler returns a value at once: no coroutine"
    );
    const auto shared = std::make_shared<F>(std::move(handler));
    set_handler(
        std::move(name),
        AnswerQuery{[shared](const std::string& its_name, const Payloads& arguments) {
            auto decoded = arguments_for<typename Traits::Arguments, Dynamic>(its_name, arguments);
            return to_payload(std::apply(
                [&shared](auto&... each) { return (*shared)(std::move(each)...); }, decoded
            ));
        }},
        std::move(options)
    );
}

/// A plain callable runs when the coroutine does, as a coroutine would.
template <class F, class Arguments>
Task<Payload> call_callable(std::shared_ptr<F> handler, Arguments arguments) {
    if constexpr (std::is_void_v<typename CallableTraits<F>::Result>) {
        std::apply([&](auto&... each) { (*handler)(std::move(each)...); }, arguments);
        co_return null_payload();
    } else {
        co_return to_payload(
            std::apply([&](auto&... each) { return (*handler)(std::move(each)...); }, arguments)
        );
    }
}

struct NoValidator {};

template <class F, class V>
class CallableUpdateCall final : public UpdateCall {
public:
    using Arguments = typename CallableTraits<F>::Arguments;

    CallableUpdateCall(
        std::shared_ptr<F> handler, std::shared_ptr<const V> validator, Arguments arguments
    )
        : handler_{std::move(handler)},
          validator_{std::move(validator)},
          arguments_{std::move(arguments)} {}

    void validate(const void* /*none*/) const override {
        if constexpr (!std::is_same_v<V, NoValidator>) {
            auto copy = arguments_;
            std::apply([this](auto&... each) { (*validator_)(std::move(each)...); }, copy);
        }
    }
    Task<Payload> start(void* /*none*/) override {
        if constexpr (kIsTask<typename CallableTraits<F>::Result>) {
            return encode_result(std::apply(
                [this](auto&... each) { return (*handler_)(std::move(each)...); }, arguments_
            ));
        } else {
            return call_callable<F, Arguments>(handler_, std::move(arguments_));
        }
    }

private:
    std::shared_ptr<F> handler_;
    std::shared_ptr<const V> validator_;
    Arguments arguments_;
};

template <bool Dynamic, class F, class V>
void set_update(std::optional<std::string> name, F handler, V validator, HandlerOptions options) {
    check_handler<F, Dynamic>();
    using Arguments = typename CallableTraits<F>::Arguments;
    if constexpr (!std::is_same_v<V, NoValidator>) {
        static_assert(
            std::is_same_v<typename CallableTraits<V>::Arguments, Arguments> &&
                std::is_void_v<typename CallableTraits<V>::Result>,
            "an update's validator takes the same parameters as the handler and returns void"
        );
    }
    const auto shared = std::make_shared<F>(std::move(handler));
    const auto checks = std::make_shared<const V>(std::move(validator));
    set_handler(
        std::move(name),
        PrepareUpdate{[shared, checks](const std::string& its_name, const Payloads& arguments) {
            return std::unique_ptr<UpdateCall>{new CallableUpdateCall<F, V>{
                shared, checks, arguments_for<Arguments, Dynamic>(its_name, arguments)
            }};
        }},
        std::move(options)
    );
}

}  // namespace detail

// The handlers are callables: lambdas that capture `this`, say. One that is a coroutine itself must
// capture nothing; call a member coroutine from it and return its Task. A handler that is set takes
// the place of the one that had its name. All throw OutsideWorkflowError, ReadOnlyError.

/// From now on handles the signals of this name; those that came before, and that nobody handled,
/// are handled now, in their order: `set_signal_handler("approve", [this](std::string by) { … })`.
template <class F>
void set_signal_handler(std::string name, F handler, HandlerOptions options = {}) {
    detail::set_signal<false>(std::move(name), std::move(handler), std::move(options));
}
/// From now on handles the signals that no other handler takes, and those that came before.
template <class F>
void set_dynamic_signal_handler(F handler, HandlerOptions options = {}) {
    detail::set_signal<true>(std::nullopt, std::move(handler), std::move(options));
}

template <class F>
void set_query_handler(std::string name, F handler, HandlerOptions options = {}) {
    detail::set_query<false>(std::move(name), std::move(handler), std::move(options));
}
template <class F>
void set_dynamic_query_handler(F handler, HandlerOptions options = {}) {
    detail::set_query<true>(std::nullopt, std::move(handler), std::move(options));
}

/// @param validator  takes the same parameters, changes nothing, and throws to reject the update.
template <class F, class V>
void set_update_handler(std::string name, F handler, V validator, HandlerOptions options = {}) {
    detail::set_update<false>(
        std::move(name), std::move(handler), std::move(validator), std::move(options)
    );
}
template <class F>
void set_update_handler(std::string name, F handler, HandlerOptions options = {}) {
    detail::set_update<false>(
        std::move(name), std::move(handler), detail::NoValidator{}, std::move(options)
    );
}
template <class F, class V>
void set_dynamic_update_handler(F handler, V validator, HandlerOptions options = {}) {
    detail::set_update<true>(
        std::nullopt, std::move(handler), std::move(validator), std::move(options)
    );
}
template <class F>
void set_dynamic_update_handler(F handler, HandlerOptions options = {}) {
    detail::set_update<true>(
        std::nullopt, std::move(handler), detail::NoValidator{}, std::move(options)
    );
}

}  // namespace hourglass::workflow
