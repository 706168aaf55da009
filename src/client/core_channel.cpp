#include "src/client/core_channel.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/base/log.hpp"
#include "src/base/fork.hpp"
#include "src/base/per_process.hpp"
#include "src/client/call.hpp"
#include "src/client/callback_pool.hpp"
#include "src/client/identity.hpp"
#include "src/client/make_client.hpp"
#include "src/client/near_address.hpp"
#include "src/client/unreachable.hpp"
#include "src/client/with_credentials.hpp"
#include "src/core/connection.hpp"
#include "src/core/generation.hpp"
#include "src/core/runtime.hpp"

#include <algorithm>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace hourglass::client {

namespace {

struct SharedRuntime {
    std::mutex mutex;
    std::weak_ptr<core::Runtime> runtime;
    std::uint64_t generation = 0;
};
constinit fork::StaticPerProcess<SharedRuntime> runtimes;

/// The runtime that all clients of the process share, as long as there is one. A forked child makes
/// its own.
std::shared_ptr<core::Runtime> shared_runtime() {
    SharedRuntime& shared = runtimes.of_process.get();
    const std::lock_guard lock{shared.mutex};
    auto runtime = shared.runtime.lock();
    if (runtime && shared.generation == core::generation::current()) {
        return runtime;
    }
    const auto now = core::generation::current();
    core::RuntimeOptions options;
    // Not on Core's thread, which may be the only one: the user's sink may wait for a call.
    options.on_log = [](log::Record record) {
        CallbackPool::shared().post([record = std::move(record)]() mutable {
            log::write(record.level, std::move(record.message), std::move(record.fields));
        });
    };
    // No worker runs on it, so there is nothing to report about workers.
    options.worker_heartbeat_interval.reset();
    auto made = core::Runtime::create(std::move(options));
    if (!made) {
        throw Error{
            "cannot start the runtime of Temporal Core for a client: " + made.error().message
        };
    }
    shared.generation = now;
    shared.runtime = *made;
    return *made;
}

core::Service to_core(RpcService service) {
    switch (service) {
        case RpcService::Workflow:
            return core::Service::Workflow;
        case RpcService::Operator:
            return core::Service::Operator;
        case RpcService::Cloud:
            return core::Service::Cloud;
        case RpcService::Test:
            return core::Service::Test;
        case RpcService::Health:
            return core::Service::Health;
    }
    return core::Service::Workflow;
}

}  // namespace

void show_headers(const core::Connection& connection, const ClientOptions& options) {
    // They are checked: what fails is stale, and the connection after it is made with them.
    static_cast<void>(connection.set_metadata({options.headers.begin(), options.headers.end()}));
}

core::ConnectOptions connect_options(const ClientOptions& options) {
    core::ConnectOptions connect;
    connect.target = options.address;
    connect.identity = options.identity.empty() ? default_identity() : options.identity;
    if (options.tls) {
        connect.tls = core::TlsOptions{
            .server_root_ca_cert = options.tls->server_root_ca,
            .domain = options.tls->server_name,
            .verification_server_name = options.tls->verification_server_name,
            .client_cert = options.tls->client_certificate,
            .client_private_key = options.tls->client_private_key
        };
    } else if (!options.api_key.empty()) {
        connect.tls = core::TlsOptions{};  // a key must not travel in the clear
    }
    connect.api_key = options.api_key;
    connect.keep_alive = core::KeepAliveOptions{
        .interval = options.keep_alive.interval, .timeout = options.keep_alive.timeout
    };
    if (options.http_proxy) {
        connect.proxy = core::HttpProxyOptions{
            .target = options.http_proxy->address,
            .user = options.http_proxy->user,
            .password = options.http_proxy->password
        };
    }
    connect.gzip =
        options.compression == GrpcCompression::Gzip ||
        (options.compression == GrpcCompression::WhenItPays && !is_near(options.address));
    connect.payloads_warn_size = options.payload_limits.payloads_warn_size;
    connect.memo_warn_size = options.payload_limits.memo_warn_size;
    connect.metadata.assign(options.headers.begin(), options.headers.end());
    // For what Core sends by itself: calls of clients are made again by the client.
    connect.retry.max_elapsed_time = kAnswersKeptFor;
    connect.retry.max_attempts = 0;
    // Shorter than a call's timeout: a host that swallows packets is then reported as unavailable,
    // not as slow.
    connect.connect_timeout = options.connect_timeout.value_or(
        std::max(std::chrono::milliseconds{1}, std::min(options.rpc_timeout, kLongestWait) * 9 / 10)
    );
    if (options.http_proxy || options.dns_load_balancing == std::chrono::milliseconds{0}) {
        connect.dns_load_balancing.reset();
    } else if (options.dns_load_balancing) {
        connect.dns_load_balancing = options.dns_load_balancing;
    }
    return connect;
}

RpcFailure to_rpc_failure(core::CallError error) {
    RpcFailure failed;
    failed.message = std::move(error.message);
    failed.details = std::move(error.details);
    switch (error.status) {
        case core::Status::Rpc:
        case core::Status::ConnectFailed:
            failed.code = error.grpc_code > 0 && error.grpc_code <= 16
                              ? static_cast<RpcCode>(error.grpc_code)
                              : RpcCode::Unknown;
            if (error.status == core::Status::ConnectFailed && failed.code == RpcCode::Unknown &&
                failed.message.ends_with(kConnectionBroke)) {
                failed.code = RpcCode::Unavailable;  // no server has said that: none was reached
            }
            break;
        case core::Status::Timeout:
            failed.code = RpcCode::DeadlineExceeded;
            break;
        case core::Status::Cancelled:
            failed.code = RpcCode::Cancelled;
            failed.final = true;
            break;
        case core::Status::InvalidArgument:
            failed.code = RpcCode::InvalidArgument;
            failed.final = true;
            break;
        case core::Status::StaleHandle:
            failed.code = RpcCode::FailedPrecondition;
            failed.final = true;
            break;
        case core::Status::Shutdown:
            failed.code = RpcCode::Unavailable;
            failed.final = true;
            break;
        default:
            failed.code = RpcCode::Internal;
            failed.final = true;
            break;
    }
    return failed;
}

void call_over(
    const core::Connection& connection,
    RpcRequest request,
    RpcCallback callback,
    core::CancelToken cancel
) {
    core::RpcRequest call;
    call.service = to_core(request.service);
    call.method = std::move(request.method);
    call.request = std::move(request.body);
    call.retry = false;  // the client's own attempts outlast a change of connections
    call.timeout = request.timeout;
    call.metadata.assign(request.metadata.begin(), request.metadata.end());
    call.cancel = std::move(cancel);
    using Watch = std::stop_callback<std::function<void()>>;
    std::shared_ptr<Watch> watch;
    // One token a call: a channel that has its own needs it more. An attempt that was stopped is
    // not waited for any more, and ends with its timeout at the latest.
    if (call.cancel.handle() == nullptr && request.stop.stop_possible()) {
        call.cancel = core::CancelToken::create();
        watch = std::make_shared<Watch>(request.stop, [token = call.cancel] { token.cancel(); });
    }
    connection.rpc_call(call, [callback = std::move(callback), watch](core::BytesResult result) {
        if (result) {
            callback(RpcAnswer{result->to_string()});
        } else {
            callback(RpcAnswer{failure(to_rpc_failure(std::move(result).error()))});
        }
    });
}

namespace {

/// A connection that has not connected yet.
std::shared_ptr<core::Connection> lazy_connection(const ClientOptions& options) {
    std::promise<core::ConnectResult> made;
    core::ConnectOptions connect = connect_options(options);
    connect.lazy = true;
    // A lazy connection is made without asking the server: this wait is short.
    core::Connection::connect(shared_runtime(), connect, [&made](core::ConnectResult result) {
        made.set_value(std::move(result));
    });
    core::ConnectResult connection = made.get_future().get();
    if (!connection) {
        throw ConfigurationError{
            "cannot connect to " + options.address + ": " + connection.error().message
        };
    }
    return *std::move(connection);
}

using Proxy = std::optional<HttpProxyOptions>;

void name_proxy_if_away(const Proxy& proxy, RpcFailure& failed) {
    if (failed.code == RpcCode::Unavailable && !failed.final) {
        name_proxy(proxy, failed.message);
    }
}

/// Has a connection of its own, and another one when that is of an older generation: after a fork,
/// and when the bridge was loaded again.
class CoreChannel : public RpcChannel, public std::enable_shared_from_this<CoreChannel> {
public:
    explicit CoreChannel(ClientOptions options)
        : proxy_{std::make_shared<const Proxy>(options.http_proxy)}, options_{std::move(options)} {
        static_cast<void>(connection());
    }

    void call(RpcRequest request, RpcCallback callback) override {
        std::shared_ptr<core::Connection> over;
        try {
            over = connection();
        } catch (const Error& error) {
            callback(failure(
                RpcFailure{.code = RpcCode::Internal, .message = error.what(), .final = true}
            ));
            return;
        }
        call_over(
            *over,
            std::move(request),
            [callback = std::move(callback), proxy = proxy_](RpcAnswer answer) {
                if (!answer) {
                    name_proxy_if_away(*proxy, answer.error());
                }
                if (!answer && answer.error().code == RpcCode::FailedPrecondition &&
                    answer.error().final) {
                    // Stale: the next attempt finds another connection.
                    answer = failure(RpcFailure{
                        .code = RpcCode::Unavailable, .message = std::move(answer.error().message)
                    });
                }
                callback(std::move(answer));
            }
        );
    }

    void replace_credentials(Credentials credentials, ReplacedCallback replaced) override {
        const ClientOptions changed = with_credentials(options(), credentials);
        detail::validate(changed);
        core::ConnectOptions connect = connect_options(changed);
        connect.connect_timeout = std::min(*connect.connect_timeout, changed.rpc_timeout);
        const auto generation = core::generation::current();
        const auto done = [channel = shared_from_this(),
                           credentials = std::move(credentials),
                           replaced = std::move(replaced),
                           generation,
                           number = next_replacement()](core::ConnectResult result) mutable {
            if (!result) {
                RpcFailure failed = to_rpc_failure(std::move(result.error()));
                name_proxy_if_away(*channel->proxy_, failed);
                replaced(failure(std::move(failed)));
                return;
            }
            // Not on the thread of Core's that calls back: a connection ends here.
            CallbackPool::shared().post([channel = std::move(channel),
                                         credentials = std::move(credentials),
                                         replaced = std::move(replaced),
                                         connection = *std::move(result),
                                         generation,
                                         number]() mutable {
                channel->use(std::move(connection), generation, std::move(credentials), number);
                replaced({});
            });
        };
        core::Connection::connect(shared_runtime(), connect, done);
    }

    void replace_headers(std::map<std::string, std::string> headers) override {
        ClientOptions changed = options();
        changed.headers = headers;
        detail::validate(changed);
        {
            const std::lock_guard lock{options_mutex_};
            options_.headers = std::move(headers);
        }
        Current& current = current_.get();
        const std::lock_guard lock{current.mutex};
        if (current.connection) {
            show_headers(*current.connection, options());
        }
    }

private:
    struct Current {
        std::mutex mutex;
        std::shared_ptr<core::Connection> connection;
        std::uint64_t generation = 0;
    };

    ClientOptions options() const {
        const std::lock_guard lock{options_mutex_};
        return options_;
    }

    std::shared_ptr<core::Connection> connection() {
        Current& current = current_.get();
        const std::lock_guard lock{current.mutex};
        if (const auto now = core::generation::current();
            !current.connection || current.generation != now) {
            current.connection = lazy_connection(options());
            current.generation = now;
        }
        return current.connection;
    }

    std::uint64_t next_replacement() {
        const std::lock_guard lock{options_mutex_};
        return ++replacements_;
    }

    void use(
        std::shared_ptr<core::Connection> connection,
        std::uint64_t generation,
        Credentials credentials,
        std::uint64_t number
    ) {
        Current& current = current_.get();
        const std::lock_guard lock{current.mutex};
        {
            const std::lock_guard options_lock{options_mutex_};
            if (number < in_use_) {
                return;  // those that were given after them have connected before them
            }
            in_use_ = number;
            options_ = with_credentials(std::move(options_), credentials);
        }
        show_headers(*connection, options());  // they may have changed meanwhile
        current.connection.swap(connection);
        current.generation = generation;
    }

    /// As given: no credentials change it. Shared with the calls that are under way.
    const std::shared_ptr<const Proxy> proxy_;
    mutable fork::LeafMutex options_mutex_;
    ClientOptions options_;
    std::uint64_t replacements_ = 0;
    std::uint64_t in_use_ = 0;  // which of the replacements
    fork::PerProcess<Current> current_;
};

}  // namespace

std::shared_ptr<RpcChannel> make_core_channel(const ClientOptions& options) {
    return std::make_shared<CoreChannel>(options);
}

}  // namespace hourglass::client
