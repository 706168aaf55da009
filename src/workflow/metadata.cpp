// What a workflow tells user interfaces about itself: the query `__temporal_workflow_metadata`.

#include "hourglass/convert/protobuf.hpp"
#include "hourglass/workflow/details.hpp"
#include "src/workflow/engine.hpp"

#include "temporal/api/sdk/v1/workflow_metadata.pb.h"

#include <string>
#include <utility>

namespace hourglass::workflow {
namespace {

template <class Table, class Entries, class Interactions>
void list(const Table& table, const Entries& definition, Interactions* interactions) {
    for (const auto& [name, description] : table.descriptions(definition)) {
        auto& interaction = *interactions->Add();
        interaction.set_name(std::string{name});
        interaction.set_description(std::string{description});
    }
    if (const auto* for_every_name = table.for_every_name()) {
        interactions->Add()->set_description(for_every_name->options.description);  // no name
    }
}

}  // namespace

void set_current_details(std::string details) {
    Engine& engine = Engine::current("set_current_details()");
    engine.require_writable("set_current_details()");
    engine.set_current_details(std::move(details));
}

const std::string& current_details() {
    return Engine::current("current_details()").current_details();
}

Payload Engine::metadata() const {
    temporal::api::sdk::v1::WorkflowMetadata metadata;
    metadata.set_current_details(seldom_->current_details);
    auto& definition = *metadata.mutable_definition();
    definition.set_type(workflow_type());
    list(signal_handlers_, definition_.signals, definition.mutable_signal_definitions());
    list(query_handlers_, definition_.queries, definition.mutable_query_definitions());
    list(update_handlers_, definition_.updates, definition.mutable_update_definitions());
    return to_payload(metadata);
}

}  // namespace hourglass::workflow
