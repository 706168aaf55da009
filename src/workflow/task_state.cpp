#include "hourglass/workflow/detail/task_state.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/workflow/errors.hpp"
#include "src/workflow/engine.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hourglass::workflow::detail {

TaskStateBase::TaskStateBase(Frame* frame, Ref<Scope> scope, bool owns_scope)
    : Operation{std::move(scope)}, frame_{frame}, owns_scope_{owns_scope} {}

TaskStateBase::~TaskStateBase() {
    if (frame_ != nullptr) {
        destroy_chain(*frame_);
    }
    report_lost_error("a spawned Task");
}

void TaskStateBase::finish() noexcept {
    const Ref<TaskStateBase> keep{this};
    ListHook<RootTag>::unlink();
    release();  // the engine's
    Frame* frame = std::exchange(frame_, nullptr);
    std::exception_ptr error = frame->error;
    if (!error) {
        try {
            collect(*frame);
        } catch (...) {
            error = std::current_exception();  // moving the result failed: that is the outcome
        }
    }
    frame->self.destroy();
    conclude(std::move(error));
}

void TaskStateBase::abandon() noexcept {
    const Ref<TaskStateBase> keep{this};
    ListHook<RootTag>::unlink();
    release();  // the engine's
    destroy_chain(*std::exchange(frame_, nullptr));
}

void TaskStateBase::cancel_for(const std::string& reason) {
    if (owns_scope_ && !ready()) {
        require_writable("TaskHandle::cancel()");
        scope()->cancel(reason);
    }
}

void start_task(const Ref<TaskStateBase>& state) {
    Engine::current("spawn()").start(*state);
}

Ref<Scope> current_scope(const char* api) {
    return Engine::current(api).current_scope();
}

void require_writable(const char* api) {
    Engine::current(api).require_writable(api);
}

void reject_empty_task(const char* api) {
    throw ConfigurationError{
        std::string{api} +
        " was given a Task that has nothing to run: it was awaited or moved away before"
    };
}

}  // namespace hourglass::workflow::detail
