#pragma once

#include "src/workflow/engine.hpp"

#include <string>

namespace hourglass::workflow {

/// An update from its job to its end.
struct Engine::UpdateJob : HandleUpdateCall {
    std::string protocol_instance_id;
    bool validate = true;
};

}  // namespace hourglass::workflow
