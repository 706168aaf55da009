#pragma once

#include "flows.hpp"
#include "hourglass/hourglass.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chaos {

/// An application that has to live through an outage of its server, with the default limits of its
/// tree, and what must be true of it afterwards.
class OutageSubject {
public:
    using Clock = std::chrono::steady_clock;

    /// Waits until it polls.
    /// @param reach  how it reaches the server.
    /// @param direct  the server itself, past whatever is broken between the two.
    OutageSubject(const std::string& name, hg::ClientOptions reach, const std::string& direct);

    [[nodiscard]] hg::Application& app() { return app_; }
    [[nodiscard]] const std::string& queue() const { return queue_; }

    /// Begins to start Orders; while the server is away these are calls under way.
    void start_orders(int count);
    /// Sends their signals and begins to wait for their results.
    void wait_for_orders();
    /// Every one ends with the right result.
    void expect_orders_finish();

    /// Starts a workflow past what is broken, for the application's worker.
    void start_probe();
    /// Until the probe has its result.
    /// @returns how long that is after `begin`.
    [[nodiscard]] std::chrono::milliseconds probe_finished_after(Clock::time_point begin);

    /// Since its construction no node of the tree was restarted, ended or came anew.
    void expect_tree_untouched() const;

private:
    struct Pending {
        std::string id;
        hg::Future<hg::WorkflowHandle<&Order::run>> handle;
        std::optional<hg::Future<std::string>> result = {};
    };

    std::string queue_;
    hg::Application app_;
    hg::Client client_;
    hg::Client direct_;
    std::map<std::string, std::string> nodes_;
    std::vector<Pending> orders_;
    std::vector<hg::WorkflowHandle<&flows::Echo::run>> probes_;
};

}  // namespace chaos
