#include "hourglass/workflow/patch.hpp"

#include "hourglass/base/error.hpp"
#include "src/workflow/engine.hpp"

#include <string>
#include <string_view>

namespace hourglass::workflow {

bool patched(std::string_view id) {
    return Engine::current("patched()").patch(std::string{id}, false, "patched()");
}

void deprecate_patch(std::string_view id) {
    static_cast<void>(
        Engine::current("deprecate_patch()").patch(std::string{id}, true, "deprecate_patch()")
    );
}

bool Engine::patch(const std::string& id, bool deprecated, const char* api) {
    // Once and for all: a replay may go over into new tasks between two calls.
    const auto known = seldom_->patches.find(id);
    if (known != seldom_->patches.end()) {
        return known->second;
    }
    require_writable(api);
    if (id.empty()) {
        throw ConfigurationError{std::string{api} + " needs an id, such as \"fraud-check\""};
    }
    const bool taken = !replaying_ || seldom_->patches_in_history.contains(id);
    seldom_->patches.emplace(id, taken);
    if (taken) {
        auto& command = *add_command().mutable_set_patch_marker();
        command.set_patch_id(id);
        command.set_deprecated(deprecated);
    }
    return taken;
}

}  // namespace hourglass::workflow
