#include "hourglass/workflow/info.hpp"

#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/in_workflow.hpp"
#include "hourglass/workflow/logger.hpp"
#include "src/workflow/engine.hpp"

#include <chrono>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hourglass::workflow {
namespace {

void write_named(
    const Engine& engine, log::Level level, std::string message, std::vector<log::Field> fields
) {
    if (!log::enabled(level)) {
        return;
    }
    fields.push_back({"workflow_id", engine.workflow_id()});
    fields.push_back({"run_id", engine.run_id()});
    fields.push_back({"workflow_type", engine.workflow_type()});
    log::write(level, std::move(message), std::move(fields));
}

}  // namespace

bool in_workflow() noexcept {
    return Engine::running() != nullptr;
}

const WorkflowInfo& info() {
    return Engine::current("info()").info();
}

std::chrono::system_clock::time_point now() {
    return Engine::current("now()").now();
}

bool is_replaying() {
    return Engine::current("is_replaying()").replaying();
}

bool is_replaying_history_events() {
    const Engine& engine = Engine::current("is_replaying_history_events()");
    return engine.replaying() && !engine.read_only();
}

bool is_read_only() {
    return Engine::current("is_read_only()").read_only();
}

Logger logger() {
    static_cast<void>(Engine::current("logger()"));
    return Logger{};
}

void Logger::write(log::Level level, std::string message, std::vector<log::Field> fields) const {
    const Engine& engine = Engine::current("logger()");
    if (!engine.silent()) {
        write_named(engine, level, std::move(message), std::move(fields));
    }
}

void Engine::warn_of_lost_error(std::string_view what, const std::exception_ptr& error) const {
    // A run that is evicted before its end starts over elsewhere, where somebody may await it.
    const bool starts_over = evicting_ && state_ != RunState::Closed;
    if (!replaying_ && !starts_over) {
        write_named(
            *this,
            log::Level::Warn,
            std::string{what} + " failed and nobody awaited it",
            {{"error", to_text(*as_failure(error))}}
        );
    }
}

}  // namespace hourglass::workflow
