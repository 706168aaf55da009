#pragma once

// From a workflow class's methods to a Definition.

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/base/unique_function.hpp"
#include "hourglass/base/workflow_methods.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/workflow/definition.hpp"
#include "hourglass/workflow/detail/handler_list.hpp"
#include "hourglass/workflow/detail/task_promise.hpp"
#include "hourglass/workflow/task.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hourglass::workflow::detail {

template <auto M>
using ClassOf = typename hourglass::detail::TraitsOf<M>::Class;
template <auto M>
using ReturnOf = typename hourglass::detail::TraitsOf<M>::Result;
template <auto M>
using ArgumentsOf = hourglass::detail::ArgumentsOf<M>;

/// A coroutine's parameters must be values: what a reference points to is gone when the coroutine
/// goes on.
template <auto M>
inline constexpr bool kSafeParameters =
    !(kIsTask<ReturnOf<M>> && hourglass::detail::TraitsOf<M>::kTakesReferences);

/// A validator that could change the workflow would do so before the update is in the history, and
/// never on replay.
template <auto M, auto Validator>
inline constexpr bool kFitsValidator =
    hourglass::detail::TraitsOf<Validator>::kConst && std::is_void_v<ReturnOf<Validator>> &&
    std::is_same_v<ArgumentsOf<M>, ArgumentsOf<Validator>>;

// `W` is the workflow's class. A method may be of a base of it: an instance is a W, and must become
// one again before C++ can find the base in it.
template <class W, auto M>
struct SignalOf {
    using Target = hourglass::detail::Method<M>;
    static constexpr std::string_view kName = hourglass::detail::kNameOfFunction<M>;

    static SignalCall prepare(const Payloads& arguments) {
        return [decoded = decode_arguments<ArgumentsOf<M>>(arguments)](void* instance) mutable {
            auto& workflow = *static_cast<W*>(instance);
            return std::apply(
                [&workflow](auto&... each) -> Task<void> {
                    if constexpr (kIsTask<ReturnOf<M>>) {
                        return (workflow.*M)(std::move(each)...);
                    } else {
                        (workflow.*M)(std::move(each)...);
                        return Task<void>{};
                    }
                },
                decoded
            );
        };
    }

    static constexpr SignalDefinition
        kDefinition{kName, &prepare, kDescription<W, M>, kUnfinished<W, M>};
};

template <class W, auto M>
struct QueryOf {
    using Target = hourglass::detail::Method<M>;
    static constexpr std::string_view kName = hourglass::detail::kNameOfFunction<M>;

    static Payload call(const void* instance, const Payloads& arguments) {
        const auto& workflow = *static_cast<const W*>(instance);
        auto decoded = decode_arguments<ArgumentsOf<M>>(arguments);
        return to_payload(std::apply(
            [&workflow](auto&... each) { return (workflow.*M)(std::move(each)...); }, decoded
        ));
    }

    static constexpr QueryDefinition kDefinition{kName, &call, kDescription<W, M>};
};

template <class R>
Task<Payload> encode_result(Task<R> task) {
    if constexpr (std::is_void_v<R>) {
        co_await std::move(task);
        co_return null_payload();
    } else {
        const R result = co_await std::move(task);
        co_return to_payload(result);
    }
}

/// A plain method runs when the coroutine does, as a coroutine would.
template <auto M, class W, class Arguments>
Task<Payload> call_method(W* workflow, Arguments arguments) {
    if constexpr (std::is_void_v<ReturnOf<M>>) {
        std::apply([workflow](auto&... each) { (workflow->*M)(std::move(each)...); }, arguments);
        co_return null_payload();
    } else {
        co_return to_payload(std::apply(
            [workflow](auto&... each) { return (workflow->*M)(std::move(each)...); }, arguments
        ));
    }
}

template <class W, auto M, auto Validator>
class TypedUpdateCall final : public UpdateCall {
public:
    explicit TypedUpdateCall(const Payloads& arguments)
        : arguments_{decode_arguments<ArgumentsOf<M>>(arguments)} {}

    void validate(const void* instance) const override {
        if constexpr (!std::is_null_pointer_v<decltype(Validator)>) {
            const auto& workflow = *static_cast<const W*>(instance);
            auto copy = arguments_;
            std::apply(
                [&workflow](auto&... each) { (workflow.*Validator)(std::move(each)...); }, copy
            );
        }
    }

    Task<Payload> start(void* instance) override {
        auto* workflow = static_cast<W*>(instance);
        if constexpr (kIsTask<ReturnOf<M>>) {
            return encode_result(std::apply(
                [workflow](auto&... each) { return (workflow->*M)(std::move(each)...); }, arguments_
            ));
        } else {
            return call_method<M>(workflow, std::move(arguments_));
        }
    }

private:
    ArgumentsOf<M> arguments_;
};

template <class W, auto M, auto Validator = nullptr>
struct UpdateOf {
    using Target = hourglass::detail::Method<M>;
    static constexpr std::string_view kName = hourglass::detail::kNameOfFunction<M>;

    static std::unique_ptr<UpdateCall> prepare(const Payloads& arguments) {
        return std::make_unique<TypedUpdateCall<W, M, Validator>>(arguments);
    }

    static constexpr UpdateDefinition
        kDefinition{kName, &prepare, kDescription<W, M>, kUnfinished<W, M>};
};

/// Calls the run method when its turn comes: one that is no coroutine itself runs at once.
template <auto M, class W, class Arguments>
Task<Payload> run_and_encode(W* workflow, Arguments arguments) {
    ReturnOf<M> run = std::apply(
        [workflow](auto&... each) { return (workflow->*M)(std::move(each)...); }, arguments
    );
    if constexpr (std::is_void_v<typename ReturnOf<M>::Result>) {
        co_await std::move(run);
        co_return null_payload();
    } else {
        const auto result = co_await std::move(run);
        co_return to_payload(result);
    }
}

template <class W, auto M>
Task<Payload> call_run(void* instance, Payloads arguments) {
    auto* workflow = static_cast<W*>(instance);
    if constexpr (Describe<W>::kDynamic) {  // takes them as they came
        return run_and_encode<M>(workflow, std::tuple<Payloads>{std::move(arguments)});
    } else {
        return run_and_encode<M>(workflow, decode_arguments<ArgumentsOf<M>>(arguments));
    }
}

template <auto M>
inline constexpr bool kTakesPayloads = std::is_same_v<ArgumentsOf<M>, std::tuple<Payloads>>;

template <class Workflow, class Arguments>
inline constexpr bool kConstructibleFrom = false;
template <class Workflow, class... A>
inline constexpr bool kConstructibleFrom<Workflow, std::tuple<A...>> =
    std::is_constructible_v<Workflow, A...>;

/// Whether a run can make its object: from nothing, or from what its run method gets.
template <class Workflow, auto Run>
inline constexpr bool kCanBegin =
    std::is_default_constructible_v<Workflow> || kConstructibleFrom<Workflow, ArgumentsOf<Run>>;

template <class Workflow>
Workflow* new_workflow([[maybe_unused]] const Payloads& arguments) {
    if constexpr (std::is_default_constructible_v<Workflow>) {
        return new Workflow;
    } else if constexpr (Describe<Workflow>::kDynamic) {
        return new Workflow(arguments);
    } else {
        auto decoded = decode_arguments<ArgumentsOf<Describe<Workflow>::kRun>>(arguments);
        return std::apply([](auto&... each) { return new Workflow(std::move(each)...); }, decoded);
    }
}

template <class Workflow>
Instance create_instance(const Payloads& arguments) {
    return Instance{new_workflow<Workflow>(arguments), [](void* instance) {
                        delete static_cast<Workflow*>(instance);
                    }};
}

template <std::size_t N>
consteval bool all_different(const std::array<std::string_view, N>& names) {
    for (std::size_t i = 0; i < N; ++i) {
        for (std::size_t j = i + 1; j < N; ++j) {
            if (names[i] == names[j]) {
                return false;
            }
        }
    }
    return true;
}

template <class List>
struct HandlerArrays;
template <class... H>
struct HandlerArrays<HandlerList<H...>> {
    static constexpr bool kNamesDiffer =
        all_different(std::array<std::string_view, sizeof...(H)>{H::kName...});
    static constexpr auto definitions() {
        if constexpr (sizeof...(H) == 0) {
            return std::array<int, 0>{};
        } else {
            return std::array{H::kDefinition...};
        }
    }
    static constexpr auto kDefinitions = definitions();
};

template <class Definition, class List>
constexpr std::span<const Definition> span_of() {
    if constexpr (List::kCount == 0) {
        return {};
    } else {
        return HandlerArrays<List>::kDefinitions;
    }
}

template <class List>
inline constexpr bool kNamesDiffer = HandlerArrays<List>::kNamesDiffer;

template <class Workflow>
inline constexpr Definition kDefinitionOf{
    .name = hourglass::detail::kNameOfType<Workflow>,
    .create = &create_instance<Workflow>,
    .run = &call_run<Workflow, Describe<Workflow>::kRun>,
    .signals = span_of<SignalDefinition, typename Describe<Workflow>::Signals>(),
    .queries = span_of<QueryDefinition, typename Describe<Workflow>::Queries>(),
    .updates = span_of<UpdateDefinition, typename Describe<Workflow>::Updates>(),
    .dynamic = Describe<Workflow>::kDynamic,
    .versioning = Describe<Workflow>::kVersioning,
    .fails_workflow = Describe<Workflow>::kFailsWorkflow,
};

}  // namespace hourglass::workflow::detail

namespace hourglass::workflow {

/// What HOURGLASS_WORKFLOW made of a class.
template <class Workflow>
[[nodiscard]] constexpr const Definition& definition_of() {
    return detail::kDefinitionOf<Workflow>;
}

}  // namespace hourglass::workflow

namespace hourglass::workflow::detail {

/// The macro specialises the member: its initialiser adds the definition to the process's catalog.
template <class Workflow>
struct Registration {
    using Subject = Workflow;
    static const bool kAdded;
};

}  // namespace hourglass::workflow::detail
