#include "hourglass/workflow/info.hpp"

#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/logger.hpp"
#include "src/workflow/engine.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {

const WorkflowInfo& info() {
    return Engine::current("info()").info();
}

std::chrono::system_clock::time_point now() {
    return Engine::current("now()").now();
}

bool is_replaying() {
    return Engine::current("is_replaying()").replaying();
}

Logger logger() {
    static_cast<void>(Engine::current("logger()"));
    return Logger{};
}

void Logger::write(log::Level level, std::string message, std::vector<log::Field> fields) const {
    const Engine& engine = Engine::current("logger()");
    if (engine.silent() || !log::enabled(level)) {
        return;
    }
    const WorkflowInfo& info = engine.info();
    fields.push_back({"workflow_id", info.workflow_id});
    fields.push_back({"run_id", info.run_id});
    fields.push_back({"workflow_type", info.workflow_type});
    log::write(level, std::move(message), std::move(fields));
}

void Engine::warn_of_lost_error(const std::exception_ptr& error) const {
    if (!evicting_) {
        logger().warn(
            "a spawned Task failed and nobody awaited it", {{"error", to_text(*as_failure(error))}}
        );
    }
}

}  // namespace hourglass::workflow
