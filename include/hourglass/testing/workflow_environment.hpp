#pragma once

#include "hourglass/client/client.hpp"
#include "hourglass/subsystem/application_options.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace hourglass::testing {

/// How a test's server is started.
struct ServerOptions {
    /// The program's name, looked for in the folder `bin` of HOURGLASS_CACHE (`~/.cache/hourglass`
    /// by default) and on the PATH, or its path; empty: `temporal` or `temporal-test-server`.
    std::string program = {};
    std::string workflow_namespace = "default";
    /// Further arguments for the program.
    std::vector<std::string> arguments = {};
    /// > 0.
    std::chrono::milliseconds start_within = std::chrono::seconds{60};
    /// Of the environment's client and applications.
    DataOptions data = {};
};

/// A server for tests, and what a test needs to use it: a client, and options for an Application
/// whose workers run the workflows and activities.
///
/// The server is a program of its own, which ends with the object, and with the test program
/// however that ends. Every test may have one, but one for many tests is quicker: give each
/// workflow an id of its own.
/// @threads any.
class WorkflowEnvironment {
public:
    /// Temporal's dev server, empty and in memory.
    /// @throws ConfigurationError if the program is not found; Error if it does not get ready.
    [[nodiscard]] static WorkflowEnvironment local(ServerOptions options = {});

    /// Temporal's test server, which skips time: a workflow that sleeps for a month is done at
    /// once. It does so while somebody waits for a workflow's result through `client()`, or in
    /// `sleep`; else its time passes as usual, so that a test can send its signals and updates in
    /// time. It knows one namespace, "default", and not all that a real server can do: no lists,
    /// for example.
    /// @throws as `local`.
    [[nodiscard]] static WorkflowEnvironment time_skipping(ServerOptions options = {});

    /// A server that is there already; it is left alone.
    /// @throws what Client::connect throws.
    [[nodiscard]] static WorkflowEnvironment existing(ClientOptions options);

    WorkflowEnvironment(WorkflowEnvironment&&) noexcept;
    WorkflowEnvironment& operator=(WorkflowEnvironment&&) noexcept;
    ~WorkflowEnvironment();

    [[nodiscard]] const Client& client() const;
    [[nodiscard]] const ClientOptions& client_options() const;
    /// For `Application{environment.application_options()}`: a worker on the queue "default" that
    /// runs all that is defined in this program; set `default_worker.activities` to run others in
    /// their place. Wait for results through the environment's client, not the application's, for
    /// time to be skipped.
    [[nodiscard]] ApplicationOptions application_options() const;

    [[nodiscard]] bool skips_time() const;
    /// Waits until `duration` of the server's time has passed.
    void sleep(std::chrono::nanoseconds duration) const;
    /// The server's time.
    [[nodiscard]] std::chrono::system_clock::time_point current_time() const;

private:
    struct Impl;
    explicit WorkflowEnvironment(std::unique_ptr<Impl> impl);

    std::unique_ptr<Impl> impl_;
};

}  // namespace hourglass::testing
