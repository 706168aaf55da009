#pragma once

#include "hourglass/base/unique_function.hpp"
#include "hourglass/client/client_options.hpp"
#include "hourglass/supervision/process.hpp"
#include "src/base/backoff.hpp"
#include "src/base/outage_log.hpp"
#include "src/core/connection.hpp"
#include "src/core/reaper.hpp"
#include "src/subsystem/directory.hpp"
#include "src/worker/bridge_access.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace hourglass::subsystem {

/// Child 2 of the Subsystem: owns the connection and every worker handle of the process.
///
/// Whatever ends it, its destructor revokes all registrations: from that moment nobody reaches a
/// handle of this incarnation, and a reaper answers what is outstanding. So no poll loop can go on
/// with a handle that nobody owns. A server that cannot be reached is no reason to end: connecting
/// is tried again for ever, with backoff.
class BridgeHolder final : public supervision::Process {
public:
    struct Options {
        ClientOptions client;
        std::shared_ptr<Directory> directory;
        worker::LateWork late;
        /// A registration was revoked: its cached runs go.
        std::function<void(std::uint64_t registration_id)> registration_ended;
        /// How it gets its connections.
        core::Connect connect = &core::Connection::connect;
    };

    /// How long its orderly end waits for Core to finalize the workers.
    static constexpr std::chrono::seconds kFinalize{5};

    explicit BridgeHolder(Options options);
    ~BridgeHolder() override;

    void register_worker(
        WorkerOptions options,
        supervision::Pid owner,
        supervision::Reply<worker::RegisterResult> reply
    );
    void unregister_worker(
        const std::shared_ptr<worker::Registration>& registration, supervision::Reply<void> reply
    );
    void report_stale_handle(const std::string& detail);
    /// Connects with them, and has everything go over that connection. They count from then on.
    /// Of several requests each waits for the one before it.
    /// @param reply  gets why no connection came about; then nothing has changed.
    void replace_credentials(Credentials credentials, supervision::Reply<core::VoidResult> reply);
    /// Sends these over each connection, those of the workers among them. They count from then on.
    void replace_headers(std::map<std::string, std::string> headers);

protected:
    void init() override;
    /// The workers have unregistered by then. What Core has not finalized yet is waited for: the
    /// Runtime ends next.
    void handle_stop(const supervision::ExitReason& reason) override;
    void handle_exit(const supervision::Pid& from, const supervision::ExitReason& reason) override;
    void handle_down(
        supervision::MonitorRef monitor,
        const supervision::Pid& process,
        const supervision::ExitReason& reason
    ) override;

private:
    struct Entry {
        std::shared_ptr<worker::Registration> registration;
        supervision::MonitorRef owner;
    };
    struct Request {
        WorkerOptions options;
        supervision::Pid owner;
        supervision::Reply<worker::RegisterResult> reply;
    };
    struct Replacement {
        Credentials credentials;
        supervision::Reply<core::VoidResult> reply;
    };
    using ConnectResult = Result<std::shared_ptr<core::Connection>, core::CallError>;

    void connect();
    /// @param credentials  which ones it was made with, see credentials_.
    void connected(ConnectResult result, std::uint64_t credentials);
    /// @param then  runs in this process, if it still lives.
    void open_connection(
        const ClientOptions& options, UniqueFunction<void(BridgeHolder&, ConnectResult)> then
    );
    void show_headers(const core::Connection& connection) const;
    /// The client's options with the credentials and headers that count now.
    [[nodiscard]] ClientOptions client_options() const {
        return options_.directory->credentials->in(options_.client);
    }
    /// The first of `replacements_`, if it is not under way.
    void try_replacement();
    /// Answers it, and goes on with the next.
    void replaced(core::VoidResult result);
    void use_connection(std::shared_ptr<core::Connection> connection);
    void move_workers();
    void create_worker(std::shared_ptr<core::Connection> connection, Request request);
    void validated(
        std::shared_ptr<worker::Registration> registration,
        Request request,
        const core::VoidResult& result
    );
    void reap(
        const std::shared_ptr<worker::Registration>& registration, std::function<void()> done
    );
    void reaped(const std::string& task_queue);
    void drop(std::uint64_t registration_id);
    /// Whether Core has a worker of that queue on our connection, or had one that is not finalized.
    [[nodiscard]] bool in_use(const std::string& task_queue) const;

    Options options_;
    supervision::MonitorRef runtime_process_;
    std::shared_ptr<core::Runtime> runtime_;
    std::shared_ptr<core::Connection> connection_;
    /// All that were opened here; a worker may have one of its own.
    std::vector<std::weak_ptr<core::Connection>> opened_;
    /// How often they were replaced: what was made with older ones is made again.
    std::uint64_t credentials_ = 0;
    std::deque<Replacement> replacements_;
    /// Of the try that is under way; 0: none is. What comes for another one comes too late.
    std::uint64_t replacing_ = 0;
    std::uint64_t last_try_ = 0;
    std::unordered_map<std::uint64_t, Entry> registrations_;
    /// Queues whose former Core worker is not finalized yet, with how many of them.
    std::unordered_map<std::string, int> reaping_;
    std::vector<Request> waiting_;
    Backoff backoff_;
    OutageLog outage_{"the server cannot be reached", "connected to the server"};
};

}  // namespace hourglass::subsystem
