#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/supervision/supervisor_base.hpp"

#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::supervision {

struct DynamicSupervisorSpec {
    std::size_t max_restarts = 3;
    std::chrono::nanoseconds within = std::chrono::seconds{5};
    std::size_t max_children = std::numeric_limits<std::size_t>::max();
};

/// A supervisor that starts without children and gets them on demand; one_for_one, ids need not
/// differ.
///
/// Its children start and stop side by side. When it is restarted itself, its children are gone.
class DynamicSupervisor final : public SupervisorBase {
public:
    explicit DynamicSupervisor(DynamicSupervisorSpec spec = {});
    ~DynamicSupervisor() override;

    using SupervisorBase::count_children;
    using SupervisorBase::report;
    using SupervisorBase::which_children;
    [[nodiscard]] std::vector<ChildReport> which_children() const override;

    /// Starts a child. ChildError: MaxChildren, StartFailed, Ignored.
    void start_child(ChildSpec spec, Reply<Pid> reply);
    /// Stops a child for good and answers when it has ended. ChildError: NotFound.
    void terminate_child(const Pid& child, Reply<void> reply);

    // The same from outside, as futures. They wait as long as the operation takes, or the
    // supervisor lives.
    [[nodiscard]] static Future<Pid> start_child(
        const Ref<DynamicSupervisor>& supervisor, ChildSpec spec
    );
    static Future<void> terminate_child(const Ref<DynamicSupervisor>& supervisor, Pid child);

protected:
    void init() override;
    void handle_stop(const ExitReason& reason) override;
    void handle_exit(const Pid& from, const ExitReason& reason) override;
    [[nodiscard]] SupervisorReport own_report() const override;

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

}  // namespace hourglass::supervision
