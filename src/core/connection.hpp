#pragma once

#include "src/core/callback.hpp"
#include "src/core/cancel_token.hpp"
#include "src/core/connect_options.hpp"
#include "src/core/runtime.hpp"
#include "src/core/served_call.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct HgConnection;

namespace hourglass::core {

class Connection;
using ConnectResult = Result<std::shared_ptr<Connection>, CallError>;

enum class Service : std::uint8_t { Workflow, Operator, Cloud, Test, Health };

/// A call of one method of the server.
struct RpcRequest {
    Service service = Service::Workflow;
    /// As in the protos: `StartWorkflowExecution`.
    std::string method = {};
    /// The serialized request.
    std::string request = {};
    /// Repeat it when it fails for a reason that passes, as the connection's options say.
    bool retry = true;
    /// Over the connection's.
    Metadata metadata = {};
    /// Repetitions included; unset: Core's own limit of an attempt.
    std::optional<std::chrono::milliseconds> timeout = {};
    CancelToken cancel = {};
};

/// A connection to a server, which calls and workers share; keeps its Runtime alive.
class Connection {
public:
    /// Connects, or, when it is to be lazy, only makes the object.
    /// @threads any.
    static void connect(
        std::shared_ptr<Runtime> runtime,
        const ConnectOptions& options,
        Callback<ConnectResult> callback
    );

    /// The same, to a server in this process; the target only stands in texts, and options of the
    /// transport have no meaning. `serve` is destroyed on any thread once nobody can call it any
    /// more: after the connection, its workers and the calls under way.
    /// @threads any.
    static void connect_in_process(
        std::shared_ptr<Runtime> runtime,
        const ConnectOptions& options,
        Serve serve,
        Callback<ConnectResult> callback
    );

    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    /// Calls under way and workers go on.
    ~Connection();

    /// Connects a lazy connection now.
    /// @threads any.
    void ensure_connected(VoidCallback callback) const;

    /// Calls the server. An unreachable one answers Rpc or ConnectFailed with the gRPC code 14 and
    /// a message that names the address; the timeout Timeout with code 4.
    /// @threads any, several at a time.
    void rpc_call(const RpcRequest& request, BytesCallback callback) const;

    /// Sent with every later call, polls included; empty: none.
    /// @threads any.
    VoidResult set_api_key(std::string_view api_key) const;
    /// Replaces the metadata sent with every later call.
    /// @threads any.
    VoidResult set_metadata(const Metadata& metadata) const;

    [[nodiscard]] const std::shared_ptr<Runtime>& runtime() const noexcept { return runtime_; }
    /// For the other files of this folder.
    [[nodiscard]] HgConnection* handle() const noexcept { return handle_; }
    [[nodiscard]] const Bridge& from() const noexcept { return runtime_->from(); }

private:
    Connection(std::shared_ptr<Runtime> runtime, HgConnection* handle) noexcept;

    /// The user data of a connect callback.
    static void* pending(std::shared_ptr<Runtime> runtime, Callback<ConnectResult> callback);

    std::shared_ptr<Runtime> runtime_;
    HgConnection* handle_;
};

/// Makes a connection: `Connection::connect`, or what takes its place.
using Connect =
    std::function<void(std::shared_ptr<Runtime>, const ConnectOptions&, Callback<ConnectResult>)>;

/// Whether these options can work, as far as that can be told without a server: InvalidArgument if
/// not, with what `Connection::connect` would say.
/// @threads any.
[[nodiscard]] VoidResult check(const ConnectOptions& options);

/// Whether the bridge knows the method `name` of `service`.
[[nodiscard]] bool has_method(Service service, std::string_view name);

}  // namespace hourglass::core
