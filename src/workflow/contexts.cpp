// Whose values a workflow converts: its own, or those of what it calls.

#include "hourglass/workflow/detail/contexts.hpp"

#include "src/workflow/context.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/local_activity.hpp"
#include "src/workflow/uuid.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>

namespace hourglass::workflow {
namespace {

SerializationContext context_of(const Engine& engine) {
    return {
        .workflow_namespace = engine.options().workflow_namespace,
        .workflow_id = engine.workflow_id(),
        .workflow_type = engine.workflow_type()
    };
}

/// Of the workflow that runs on this thread, if there is one.
SerializationContext own_context() {
    const Engine* const engine = Engine::running();
    return engine == nullptr ? SerializationContext{} : context_of(*engine);
}

std::string_view written(std::uint32_t number, detail::NumberText& text) {
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    return {text.data(), static_cast<std::size_t>(end - text.data())};
}

}  // namespace

SerializationContext Engine::Context::context() const {
    return context_of(engine_);
}

namespace detail {

SerializationContext ActivityToCall::context() const {
    SerializationContext context = own_context();
    context.activity_type = type_;
    context.is_local_activity = is_local_;
    if (!id_.empty()) {
        context.activity_id = id_;
    } else if (const Engine* const engine = Engine::running()) {
        context.activity_id = written(engine->last().activity + 1, number_);
    }
    return context;
}

SerializationContext ActivityCalled::context() const {
    SerializationContext context = own_context();
    activity_.tell(context, number_);
    return context;
}

void ActivityOperation::tell(SerializationContext& context, NumberText& number) const {
    context.activity_type = type_.text();
    context.activity_id = id_ ? std::string_view{*id_} : written(sequence_, number);
}

void LocalActivityOperation::tell(SerializationContext& context, NumberText& /*number*/) const {
    const auto& command = order_.schedule_local_activity();
    context.activity_type = command.activity_type();
    context.activity_id = command.activity_id();
    context.is_local_activity = true;
}

SerializationContext ChildToStart::context() const {
    SerializationContext context = own_context();
    context.workflow_type = type_;
    context.workflow_id = id_;
    if (Engine* const engine = Engine::running(); engine != nullptr && id_.empty()) {
        // Once: earlier answers refer to it.
        if (uuid_.empty()) {
            Random next = engine->random_stream(kChildIds);  // a copy: the child itself takes it
            uuid_ = uuid4_from(next);
        }
        context.workflow_id = uuid_;
    }
    return context;
}

SerializationContext ChildStarted::context() const {
    SerializationContext context = own_context();
    context.workflow_type = child_.type();
    context.workflow_id = child_.id();
    return context;
}

SerializationContext OtherWorkflow::context() const {
    return {
        .workflow_namespace = own_context().workflow_namespace, .workflow_id = target_.workflow_id
    };
}

SerializationContext NexusToCall::context() const {
    SerializationContext context = own_context();
    context.nexus_endpoint = target_.endpoint;
    context.nexus_service = target_.service;
    context.nexus_operation = operation_;
    return context;
}

SerializationContext NexusCalled::context() const {
    SerializationContext context = own_context();
    const NexusName& name = operation_.name();
    context.nexus_endpoint = name.target.endpoint;
    context.nexus_service = name.target.service;
    context.nexus_operation = name.operation;
    return context;
}

}  // namespace detail
}  // namespace hourglass::workflow
