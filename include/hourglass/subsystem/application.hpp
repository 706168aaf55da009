#pragma once

#include "hourglass/base/metric_meter.hpp"
#include "hourglass/client/client.hpp"
#include "hourglass/subsystem/application_options.hpp"
#include "hourglass/subsystem/counters.hpp"
#include "hourglass/supervision/report.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass {

/// The tree gave up: it had to restart its parts too often. `what()` holds the chain of reasons.
class SubsystemGaveUpError : public Error {
public:
    using Error::Error;
};

/// The root of the process: the supervision tree with Core's runtime, the connection and the
/// workers, and the client.
///
/// The constructor starts the tree and returns without waiting for the server: a server that is
/// away is waited for, and the log says so once. The destructor stops the tree in order:
/// workers let their activities finish within their grace period, and every task is answered.
///
/// After a fork the parent's goes on. In the child the first use starts another tree from the same
/// options, under an identity of the child's own; a child without a use has none. See
/// docs/reliability.md, "Fork".
/// @threads any, except that nothing here may be called from a workflow or a supervised process,
/// because it blocks; a callback of `on_worker_lost` may.
class Application {
public:
    /// @throws ConfigurationError or DuplicateRegistrationError for options or definitions that
    /// cannot work, a status page or metrics that cannot listen at their address among them;
    ///     SubsystemGaveUpError if the tree does not start.
    explicit Application(ApplicationOptions options = {});
    ~Application();
    Application(const Application&) = delete;
    Application& operator=(const Application&) = delete;

    /// A client on the application's own connection, whichever incarnation of it lives. It may
    /// outlive the application; then its calls fail with UnavailableError.
    /// @throws ConfigurationError if `start_runtime` is off.
    [[nodiscard]] Client client() const;

    /// Changes the TLS options and the API key while the program runs, after a certificate or a key
    /// was renewed. A connection is made with them; when it stands, the clients' and the workers'
    /// next calls go over it, and what is under way, long polls of a minute among them, ends over
    /// the old one. Connections that are made later have them too, in forked children as well.
    ///
    /// A client of its own, from Client::connect, has Client::replace_credentials.
    /// @throws ConfigurationError if they cannot be used; UnavailableError and other RpcErrors if
    /// no connection comes about with them within ClientOptions::rpc_timeout. In both cases the old
    /// ones stay: after an outage try again. SubsystemGaveUpError if the tree has ended.
    void replace_credentials(Credentials credentials);

    /// Sends these with each later call of the clients and the workers, and none of those that
    /// ClientOptions::headers or an earlier change named. Connections that are made later have them
    /// too, in forked children as well. Does not wait for the server.
    /// @throws ConfigurationError if they cannot be sent; SubsystemGaveUpError if the tree has
    /// ended.
    void replace_headers(std::map<std::string, std::string> headers);

    /// Starts a worker for one more task queue. Waits for a cascade that is going on.
    /// @throws WorkerAlreadyRunningError; ConfigurationError for an empty queue or definitions that
    /// cannot work; SubsystemGaveUpError if the tree has ended.
    void start_worker(WorkerOptions options);
    /// Stops it in order, and waits until it has stopped.
    /// @throws WorkerNotRunningError; SubsystemGaveUpError if the tree has ended.
    void stop_worker(const std::string& task_queue);
    /// Tells, on a thread of the tree, of each worker that a cascade took along and that nobody
    /// brings back; see WorkerOptions::restart. The callback may use the Application, to start the
    /// worker again, and its clients; it must not stop or destroy it.
    void on_worker_lost(std::function<void(const std::string& task_queue)> callback);

    /// Waits until the worker of `task_queue` is registered with the server; from then on it polls.
    /// @returns false if it is not within `timeout`.
    [[nodiscard]] bool wait_until_polling(
        const std::string& task_queue, std::chrono::milliseconds timeout
    ) const;

    /// The children of the Subsystem, in the order of their start; empty if `start_runtime` is off.
    [[nodiscard]] std::vector<supervision::ChildReport> which_children() const;
    /// The whole tree with states, restarts and last exit reasons.
    [[nodiscard]] supervision::SupervisorReport tree() const;
    [[nodiscard]] std::string tree_text() const;
    /// Where the status page listens, e.g. "127.0.0.1:8080"; empty if it is not enabled. It is
    /// there until the tree has stopped.
    [[nodiscard]] std::string status_page_address() const;

    /// What has healed so far, also after the end of the tree.
    [[nodiscard]] Counters counters() const;
    /// Measures for the whole program, from any thread, with no attributes but those that are given
    /// to it. Workflows and activities have meters of their own, which know what they measure for;
    /// in a workflow this one would count again at each replay.
    ///
    /// It may outlive the application; then nobody is told. In a forked child it is silent until
    /// the child uses the Application.
    [[nodiscard]] MetricMeter meter() const;
    /// Where Prometheus fetches the metrics, e.g. "127.0.0.1:9464"; empty if
    /// TelemetryOptions::prometheus_address is. It is there until the tree has stopped.
    [[nodiscard]] std::string prometheus_address() const;

    /// Kills a node of the tree by its id, e.g. "BridgeHolder", as a crash would, and waits 1 s at
    /// most until it is dead: for demonstrations and tests of what heals.
    /// @returns false if no such child runs.
    bool kill(std::string_view child_id);

    /// Blocks until SIGINT, SIGTERM or `stop()`, then stops the tree. A second signal ends the
    /// program at once. The program's own handlers for the two are back afterwards.
    /// @throws SubsystemGaveUpError if the tree gave up instead.
    void run();
    /// Stops the tree in order and returns when it has stopped; `run` returns then too. Idempotent.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hourglass
