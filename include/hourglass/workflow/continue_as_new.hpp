#pragma once

#include "hourglass/base/function_traits.hpp"
#include "hourglass/base/name_of.hpp"
#include "hourglass/base/workflow_methods.hpp"
#include "hourglass/convert/convert.hpp"
#include "hourglass/convert/headers.hpp"
#include "hourglass/convert/retry_policy.hpp"
#include "hourglass/convert/search_attributes.hpp"
#include "hourglass/convert/serialization_context.hpp"
#include "hourglass/workflow/activity.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow {

/// Which deployment version the next run's first task goes to; later ones go where the workflow's
/// versioning behaviour says.
enum class ContinueAsNewVersioning : std::uint8_t {
    Inherit,           ///< as this run: a pinned one stays with its version
    AutoUpgrade,       ///< the queue's target version
    UseRampingVersion  ///< the queue's ramping version; the current one if there is none
};

/// What the next run gets. What is empty or unset is as in this run, but for the delay.
struct ContinueAsNewOptions {
    std::string task_queue{};
    std::optional<std::chrono::nanoseconds> run_timeout{};
    std::optional<std::chrono::nanoseconds> task_timeout{};
    std::optional<RetryPolicy> retry_policy{};
    std::map<std::string, Payload> memo{};
    SearchAttributes search_attributes{};
    /// Before the next run's first workflow task.
    std::optional<std::chrono::nanoseconds> start_delay{};
    ContinueAsNewVersioning versioning = ContinueAsNewVersioning::Inherit;
};

namespace detail {

/// Ends the run. Not derived from std::exception: it is no error, and `catch (const
/// std::exception&)` lets it pass.
struct ContinueAsNewRequest {
    std::string workflow_type;
    ContinueAsNewOptions options;
    Payloads arguments;
    Headers headers;
};

/// @param workflow_type  empty: the running one.
[[noreturn]] void throw_continue_as_new(
    std::string_view workflow_type, ContinueAsNewOptions options, Payloads arguments
);

}  // namespace detail

/// Ends this run and starts the next one, of the given workflow: `continue_as_new<&Loop::run>({},
/// count + 1)`.
///
/// Call it from the run method or a Task that it awaits, not from an update's handler. It throws
/// something that must not be caught with `catch (...)`.
/// @throws ConversionError if an argument cannot be encoded; OutsideWorkflowError, ReadOnlyError
template <auto Run, class... A>
[[noreturn]] void continue_as_new(ContinueAsNewOptions options, A&&... arguments) {
    using Workflow = typename hourglass::detail::TraitsOf<Run>::Class;
    using Parameters = hourglass::detail::ArgumentsOf<Run>;
    static_assert(
        !std::is_void_v<Workflow>,
        "continue_as_new: name the workflow's run method, as in <&Checkout::run>"
    );
    static_assert(
        std::is_void_v<Workflow> || hourglass::detail::is_run<Workflow, Run>(),
        "continue_as_new: this is not the workflow's run method; name that, as in <&Checkout::run>"
    );
    static_assert(
        hourglass::detail::kArgumentsMatch<Parameters, A...>,
        "continue_as_new: the arguments after the options do not fit the run method's parameters "
        "in number or type, or a number would lose its value"
    );
    SerializationContext next = serialization_context();
    next.workflow_type = hourglass::detail::kNameOfType<Workflow>;
    const hourglass::detail::GivenContext whose{next};
    detail::throw_continue_as_new(
        next.workflow_type,
        std::move(options),
        detail::encode_as<Parameters>(whose, std::forward<A>(arguments)...)
    );
}

/// The same with the running workflow's type; the arguments are not checked.
template <class... A>
[[noreturn]] void continue_as_new(ContinueAsNewOptions options, const A&... arguments) {
    detail::throw_continue_as_new({}, std::move(options), encode_arguments(arguments...));
}

}  // namespace hourglass::workflow
