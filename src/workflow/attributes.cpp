#include "hourglass/workflow/attributes.hpp"

#include "hourglass/base/error.hpp"
#include "src/convert/proto_payload.hpp"
#include "src/workflow/engine.hpp"

#include <map>
#include <string>
#include <vector>

namespace hourglass::workflow {

void upsert_search_attributes(const std::vector<SearchAttributeUpdate>& updates) {
    Engine& engine = Engine::current("upsert_search_attributes()");
    if (!engine.intercepts("upsert_search_attributes()", true)) {
        engine.upsert(updates);
        return;
    }
    UpsertSearchAttributesCall call{updates};
    engine.intercept(&WorkflowInterceptor::upsert_search_attributes, call);
    engine.upsert(call.updates);
}

void upsert_memo(const std::map<std::string, Payload>& changes) {
    Engine& engine = Engine::current("upsert_memo()");
    if (!engine.intercepts("upsert_memo()", true)) {
        engine.upsert(changes);
        return;
    }
    UpsertMemoCall call{changes};
    engine.intercept(&WorkflowInterceptor::upsert_memo, call);
    engine.upsert(call.changes);
}

void Engine::upsert(const std::vector<SearchAttributeUpdate>& updates) {
    require_writable("upsert_search_attributes()");
    if (updates.empty()) {
        throw ConfigurationError{"upsert_search_attributes() was given nothing to change"};
    }
    auto& fields = *add_command()
                        .mutable_upsert_workflow_search_attributes()
                        ->mutable_search_attributes()
                        ->mutable_indexed_fields();
    SearchAttributes& own = info().search_attributes;
    for (const auto& update : updates) {
        convert::to_proto(update.value, &fields[update.name]);
        own.apply(update);
    }
}

void Engine::upsert(const std::map<std::string, Payload>& changes) {
    require_writable("upsert_memo()");
    if (changes.empty()) {
        throw ConfigurationError{"upsert_memo() was given nothing to change"};
    }
    convert::to_proto(
        changes,
        add_command().mutable_modify_workflow_properties()->mutable_upserted_memo()->mutable_fields(
        )
    );
    auto& own = info().memo;
    for (const auto& [key, value] : changes) {
        if (value == null_payload()) {
            own.erase(key);
        } else {
            own.insert_or_assign(key, value);
        }
    }
}

}  // namespace hourglass::workflow
