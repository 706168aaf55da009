#pragma once

#include "src/workflow/engine.hpp"

#include <string>

namespace hourglass::workflow {

/// An update from its job to its end.
struct Engine::UpdateJob {
    std::string protocol_instance_id;
    std::string id;
    std::string name;
    Payloads arguments;
    bool validate = true;
};

}  // namespace hourglass::workflow
