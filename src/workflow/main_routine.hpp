#pragma once

#include "hourglass/workflow/detail/task_state.hpp"
#include "src/workflow/engine.hpp"

#include <exception>
#include <memory>
#include <utility>

namespace hourglass::workflow {

/// The run method under way: its outcome is the workflow's. No coroutine around the user's that
/// would wait for it, since each workflow that waits in memory would hold one.
class Engine::MainRoutine final : public detail::TaskStateBase {
public:
    MainRoutine(Engine& engine, Task<Payload> run, detail::Ref<detail::Scope> scope)
        : TaskStateBase{run.release(), std::move(scope), false}, engine_{engine} {}

private:
    void collect(detail::Frame& frame) override {
        result_ = std::make_unique<Payload>(
            *std::move(static_cast<detail::TaskPromise<Payload>&>(frame).value)
        );
    }
    void conclude(std::exception_ptr error) noexcept override {
        try {
            if (error) {
                engine_.end_with(error, "run method");
            } else {
                engine_.complete(*std::move(result_));
            }
        } catch (...) {  // of the program's, such as a log's sink
            engine_.fail_task("the end of the run method", std::current_exception());
        }
        settle();
    }

    Engine& engine_;
    std::unique_ptr<Payload> result_;  // no room for it while the workflow waits
};

}  // namespace hourglass::workflow
