#pragma once

#include "flows.hpp"
#include "hourglass/hourglass.hpp"

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace chaos {

using hg::supervision::Pid;
using OrderHandle = hg::WorkflowHandle<&Order::run>;

/// What is kept for workflows and activities: nothing, once all have ended.
struct Work {
    std::size_t cached_runs = 0;
    std::size_t running_activities = 0;
    std::size_t tasks_in_hand = 0;

    friend bool operator==(const Work&, const Work&) = default;
};
std::ostream& operator<<(std::ostream& out, const Work& work);

/// Somebody who has polled a queue within the last minutes.
struct Poller {
    std::string identity;
    std::chrono::system_clock::time_point last_poll;
};

/// The application that is broken, and what can be seen of it from outside.
class Subject {
public:
    explicit Subject(hg::ApplicationOptions options);

    [[nodiscard]] hg::Application& app() { return app_; }
    [[nodiscard]] const hg::Client& client() const { return client_; }
    [[nodiscard]] const std::string& queue() const { return queue_; }

    /// The processes of that id, anywhere in the tree.
    [[nodiscard]] std::vector<Pid> pids(const std::string& id) const;
    /// The restarts of the Subsystem's five children so far, by id.
    [[nodiscard]] std::map<std::string, std::size_t> restarts() const;

    [[nodiscard]] bool polls(std::chrono::milliseconds timeout = std::chrono::seconds{20}) const;

    /// By the status page.
    [[nodiscard]] Work work() const;
    [[nodiscard]] bool registered(const std::string& queue) const;
    /// By the server, of both kinds of tasks.
    [[nodiscard]] std::vector<Poller> pollers(const std::string& queue) const;

    /// For a workflow on the subject's queue, or on `queue`.
    [[nodiscard]] hg::StartOptions start_options(
        const std::string& id, const std::string& queue = {}
    ) const;

    /// Starts an Order on the subject's queue, with its two signals.
    OrderHandle start_order(const std::string& id) const;

private:
    std::string queue_;
    hg::Application app_;
    hg::Client client_;
};

/// Options for a subject: its own task queue, and a tree that is not given up however often it is
/// broken.
[[nodiscard]] hg::ApplicationOptions subject_options(const std::string& queue);

/// Threads, open files and connections to the server of this process.
struct Resources {
    long threads = 0;
    long files = 0;
    long connections = 0;

    [[nodiscard]] static Resources now();
};

/// How often each cell of the matrix is run: HOURGLASS_CHAOS_ROUNDS, by default 1.
[[nodiscard]] int rounds();

}  // namespace chaos
