#include "hourglass/workflow/continue_as_new.hpp"

#include "src/workflow/engine.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace hourglass::workflow::detail {

void throw_continue_as_new(
    std::string_view workflow_type, ContinueAsNewOptions options, Payloads arguments
) {
    Engine& engine = Engine::current("continue_as_new()");
    engine.require_writable("continue_as_new()");
    ContinueAsNewCall call{
        workflow_type.empty() ? engine.workflow_type() : std::string{workflow_type},
        std::move(options),
        std::move(arguments),
        {}
    };
    // Also where the scope is cancelled: the run goes on as a new one in any case.
    engine.intercept(&WorkflowInterceptor::continue_as_new, call);
    engine.note_continue_as_new();
    throw ContinueAsNewRequest{
        std::move(call.type),
        std::move(call.options),
        std::move(call.arguments),
        std::move(call.headers)
    };
}

}  // namespace hourglass::workflow::detail
