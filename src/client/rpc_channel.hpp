#pragma once

#include "hourglass/client/client_options.hpp"
#include "hourglass/client/errors.hpp"
#include "src/base/result.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <stop_token>
#include <string>

namespace hourglass::client {

/// The gRPC service that a method belongs to.
enum class RpcService : std::uint8_t { Workflow, Operator, Cloud, Test, Health };

/// One attempt of one call; the body is a serialized protobuf request.
struct RpcRequest {
    RpcService service = RpcService::Workflow;
    std::string method;
    std::string body;
    /// The attempt's limit; what takes longer is answered with DeadlineExceeded.
    std::chrono::milliseconds timeout{10'000};
    /// The server holds the answer back until something happens.
    bool long_poll = false;
    /// Over the connection's own; a key that ends in -bin has bytes as its value.
    std::map<std::string, std::string> metadata = {};
    /// When it is stopped nobody waits for the answer any more.
    std::stop_token stop = {};
};

/// Why an attempt failed: the gRPC status, with the serialized google.rpc.Status in `details` if
/// the server sent one.
struct RpcFailure {
    RpcCode code = RpcCode::Unknown;
    std::string message = {};
    std::string details = {};
    /// Not to be tried again whatever the code is: the channel is closed for good.
    bool final = false;
    /// If it is nothing that the server or the network said: what the caller is to get.
    std::exception_ptr error = {};
};

/// The serialized response, or why there is none.
using RpcAnswer = Result<std::string, RpcFailure>;
using RpcCallback = std::function<void(RpcAnswer)>;
using ReplacedCallback = std::function<void(Result<void, RpcFailure>)>;

/// Where a client's calls go: a connection of Core, the connection that an Application has at the
/// moment, or a test's hands.
class RpcChannel {
public:
    RpcChannel() = default;
    RpcChannel(const RpcChannel&) = delete;
    RpcChannel& operator=(const RpcChannel&) = delete;
    virtual ~RpcChannel() = default;

    /// Comes first in each call, on the caller's thread, before a thread is started for it.
    virtual void prepare() {}

    /// Makes one attempt. `callback` runs exactly once, on any thread, perhaps before `call`
    /// returns; it neither throws nor blocks. A channel that has no connection at the moment
    /// answers Unavailable: the client tries again until the call's own timeout. One that is closed
    /// for good answers with a failure that is `final`.
    /// @threads any, several at a time.
    virtual void call(RpcRequest request, RpcCallback callback) = 0;

    /// Connects with these; when that works, later calls go over that connection. `replaced` is
    /// told once, as `callback` of a call, why not; then nothing has changed.
    /// @throws ConfigurationError  if they are not usable, and by default: of a channel whose
    /// connection is somebody else's.
    /// @threads any.
    virtual void replace_credentials(Credentials credentials, ReplacedCallback replaced);
    /// Sends these, and no others, with each later call.
    /// @throws ConfigurationError  as `replace_credentials`.
    /// @threads any.
    virtual void replace_headers(std::map<std::string, std::string> headers);
};

}  // namespace hourglass::client
