#pragma once

#include "hourglass/base/future.hpp"
#include "hourglass/supervision/supervisor_base.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::supervision {

/// Which children are stopped and started again when one of them is to be restarted.
enum class Strategy : std::uint8_t {
    OneForOne,   ///< that child
    OneForAll,   ///< all children
    RestForOne,  ///< that child and those after it
};

[[nodiscard]] std::string_view to_text(Strategy strategy) noexcept;

/// A supervision tree as data: the order of the children is the order of their start.
struct SupervisorSpec {
    /// Of a root: what the tree calls it. A nested one is called by its child id.
    std::string name = {};
    Strategy strategy = Strategy::OneForOne;
    /// More than `max_restarts` restarts within `within` end the supervisor with `shutdown`.
    std::size_t max_restarts = 3;
    std::chrono::nanoseconds within = std::chrono::seconds{5};
    std::vector<ChildSpec> children = {};
};

/// Starts its children in order, restarts them by its strategy, stops them in reverse; OTP's
/// supervisor.
///
/// A failing start of the supervisor stops what it had started and fails with `shutdown`, whose
/// detail names the child and whose cause is the child's reason. A failing restart counts as a
/// restart and is tried again. Nothing blocks: starts and stops of one supervisor follow each
/// other, while its process goes on answering.
class Supervisor final : public SupervisorBase {
public:
    /// @throws ConfigurationError (its start fails) if two children have one id, or one has no id
    /// or no start function.
    explicit Supervisor(SupervisorSpec spec);
    ~Supervisor() override;

    using SupervisorBase::count_children;
    using SupervisorBase::report;
    using SupervisorBase::which_children;
    [[nodiscard]] std::vector<ChildReport> which_children() const override;

    /// Adds a child after the others and starts it. Fails with ChildError: AlreadyStarted,
    /// AlreadyPresent, StartFailed; the specification is not kept if the start fails. A start that
    /// is ignored answers nobody's Pid.
    void start_child(ChildSpec spec, Reply<Pid> reply);
    /// Starts a child that does not run. ChildError: NotFound, Running, Restarting, StartFailed.
    void restart_child(std::string id, Reply<Pid> reply);
    /// Stops a child; its specification stays, unless it is temporary. ChildError: NotFound.
    void terminate_child(std::string id, Reply<void> reply);
    /// Forgets a child that does not run. ChildError: NotFound, Running, Restarting.
    void delete_child(std::string id, Reply<void> reply);
    /// The process of a child; nobody's Pid if there is no such child or it does not run.
    [[nodiscard]] Pid child(std::string_view id) const;

    // The same from outside, as futures. They wait as long as the operation takes, or the
    // supervisor lives.
    [[nodiscard]] static Future<Pid> start_child(const Ref<Supervisor>& supervisor, ChildSpec spec);
    [[nodiscard]] static Future<Pid> restart_child(
        const Ref<Supervisor>& supervisor, std::string id
    );
    static Future<void> terminate_child(const Ref<Supervisor>& supervisor, std::string id);
    static Future<void> delete_child(const Ref<Supervisor>& supervisor, std::string id);
    /// Fails with ChildError NotFound if there is no such child or it does not run.
    [[nodiscard]] static Future<Pid> child(const Ref<Supervisor>& supervisor, std::string id);

protected:
    void init() override;
    void handle_stop(const ExitReason& reason) override;
    void handle_exit(const Pid& from, const ExitReason& reason) override;
    [[nodiscard]] SupervisorReport own_report() const override;

private:
    class Engine;
    std::unique_ptr<Engine> engine_;
};

/// The specification of a supervisor as a child.
[[nodiscard]] ChildSpec supervisor_child(std::string id, SupervisorSpec spec);

}  // namespace hourglass::supervision
