#pragma once

#include "hourglass/client/client_backend.hpp"
#include "hourglass/client/typed_calls.hpp"
#include "hourglass/client/update_handle.hpp"
#include "hourglass/client/workflow_handle.hpp"

#include <string>
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
    return WithStart<Run>{StartWorkflowCall{
        .type = std::string{detail::kNameOfType<typename detail::TraitsOf<Run>::Class>},
        .options = std::move(options),
        .arguments = detail::encode_for<Run>(std::forward<A>(arguments)...)
    }};
}
template <class... A>
[[nodiscard]] WithStart<> with_start(std::string type, StartOptions options, A&&... arguments) {
    return WithStart<>{StartWorkflowCall{
        .type = std::move(type),
        .options = std::move(options),
        .arguments = encode_arguments(std::forward<A>(arguments)...)
    }};
}

/// What an update that was sent together with a start yields.
template <auto Run, class R>
struct StartedUpdate {
    WorkflowHandle<Run> workflow;
    UpdateHandle<R> update;
};

}  // namespace hourglass
