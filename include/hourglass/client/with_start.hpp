#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/update_handle.hpp"
#include "hourglass/client/workflow_handle.hpp"
#include "hourglass/convert/in_context.hpp"
#include "hourglass/convert/serialization_context.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace hourglass {

/// A workflow to be started together with a signal or an update, by `with_start`. It can be used
/// again: each use is a start of its own.
template <auto Run = nullptr>
class WithStart {
public:
    explicit WithStart(StartWorkflowCall call) : call_{std::move(call)} {}
    [[nodiscard]] const StartWorkflowCall& call() const noexcept { return call_; }

private:
    StartWorkflowCall call_;
};

/// `client.signal_with_start<&Checkout::approve>(with_start<&Checkout::run>({.id = "order-7"},
/// order), "ada")`.
/// @throws ConversionError if an argument cannot be encoded.
template <auto Run, class... A>
[[nodiscard]] WithStart<Run> with_start(StartOptions options, A&&... arguments) {
    detail::check_run<Run>();
    constexpr std::string_view kType = detail::kNameOfType<detail::WorkflowClassOf<Run>>;
    const detail::GivenContext whose{{.workflow_id = options.id, .workflow_type = kType}};
    Payloads encoded = detail::encode_for_in<Run>(whose, std::forward<A>(arguments)...);
    return WithStart<Run>{StartWorkflowCall{
        .type = std::string{kType}, .options = std::move(options), .arguments = std::move(encoded)
    }};
}
template <class... A>
[[nodiscard]] WithStart<> with_start(std::string type, StartOptions options, A&&... arguments) {
    const detail::GivenContext whose{{.workflow_id = options.id, .workflow_type = type}};
    Payloads encoded = detail::encode_arguments_in(whose, arguments...);
    return WithStart<>{StartWorkflowCall{
        .type = std::move(type), .options = std::move(options), .arguments = std::move(encoded)
    }};
}

/// What an update that was sent together with a start yields.
template <auto Run, class R>
struct StartedUpdate {
    WorkflowHandle<Run> workflow;
    UpdateHandle<R> update;
};

}  // namespace hourglass
