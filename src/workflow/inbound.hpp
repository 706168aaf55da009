#pragma once

#include "hourglass/base/next.hpp"
#include "src/workflow/engine.hpp"
#include "src/workflow/update_job.hpp"

#include <cstddef>

namespace hourglass::workflow {

/// What comes to a run that has interceptors: through them, and to its handler at the end. A Task
/// that it gives holds the engine alone, and may outlive this.
class Engine::Inbound {
public:
    explicit Inbound(Engine& engine) noexcept : engine_{&engine} {}

    /// When its turn comes, and not before: as the run method would be.
    static Task<Payload> execute(Engine* engine, Payloads arguments);
    [[nodiscard]] Task<void> signal(WaitingMessage message) const;
    [[nodiscard]] Payload query(HandleQueryCall call) const;
    /// Throws what rejects the update.
    void validate(const UpdateJob& update) const;
    [[nodiscard]] Task<Payload> update(const UpdateJob& update) const;

private:
    template <class Call, class R>
    using Hook = R (WorkflowInterceptor::*)(Call, Next<Call, R>);
    template <class Call, class R>
    using Last = R (*)(Engine* engine, Call call);
    /// Through the interceptors from `index` on.
    template <class Call, class R>
    R through(std::size_t index, Hook<Call, R> hook, Last<Call, R> last, Call call) const;

    // The ends of the chains: what there is without interceptors.
    static Task<Payload> run_method(Engine* engine, ExecuteWorkflowCall call);
    static Task<void> signal_handler(Engine* engine, HandleSignalCall call);
    static Payload query_handler(Engine* engine, HandleQueryCall call);
    static void validator(Engine* engine, HandleUpdateCall call);
    static Task<Payload> update_handler(Engine* engine, HandleUpdateCall call);

    Engine* engine_;
};

}  // namespace hourglass::workflow
