#include "src/core/connection.hpp"

#include "src/core/trampoline.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace hourglass::core {
namespace {

static_assert(static_cast<int>(Service::Workflow) == HG_SERVICE_WORKFLOW);
static_assert(static_cast<int>(Service::Operator) == HG_SERVICE_OPERATOR);
static_assert(static_cast<int>(Service::Cloud) == HG_SERVICE_CLOUD);
static_assert(static_cast<int>(Service::Test) == HG_SERVICE_TEST);
static_assert(static_cast<int>(Service::Health) == HG_SERVICE_HEALTH);

std::vector<HgMetadata> borrow(const Metadata& metadata) {
    std::vector<HgMetadata> raw;
    raw.reserve(metadata.size());
    for (const auto& [key, value] : metadata) {
        raw.push_back({core::borrow(key), core::borrow(value)});
    }
    return raw;
}

std::uint64_t count(std::chrono::milliseconds time) {
    return time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0;
}

std::uint64_t count(std::optional<std::chrono::milliseconds> time) {
    // What is set is meant: 0 says "none" over there.
    return time ? std::max<std::uint64_t>(count(*time), 1) : 0;
}

HgRetryOptions raw_of(const RpcRetryOptions& retry) {
    return {
        .initial_interval_ms = count(retry.initial_interval),
        .randomization_factor = retry.randomization_factor,
        .multiplier = retry.multiplier,
        .max_interval_ms = count(retry.max_interval),
        .max_elapsed_time_ms = count(retry.max_elapsed_time),
        .max_attempts = retry.max_attempts
    };
}

/// The options as the bridge takes them; borrows from `options`.
class RawOptions {
public:
    RawOptions(const ConnectOptions& options, const Bridge& bridge)
        : raw_{bridge.connect_options_default()}, metadata_{borrow(options.metadata)} {
        raw_.target = core::borrow(options.target);
        raw_.client_name = core::borrow(options.client_name);
        raw_.client_version = core::borrow(options.client_version);
        raw_.identity = core::borrow(options.identity);
        if (options.tls) {
            tls_.server_root_ca_cert = core::borrow(options.tls->server_root_ca_cert);
            tls_.domain = core::borrow(options.tls->domain);
            tls_.verification_server_name = core::borrow(options.tls->verification_server_name);
            tls_.client_cert = core::borrow(options.tls->client_cert);
            tls_.client_private_key = core::borrow(options.tls->client_private_key);
            raw_.tls = &tls_;
        }
        raw_.api_key = core::borrow(options.api_key);
        raw_.metadata = metadata_.data();
        raw_.metadata_len = metadata_.size();
        raw_.keep_alive_interval_ms = options.keep_alive ? count(options.keep_alive->interval) : 0;
        raw_.keep_alive_timeout_ms = options.keep_alive ? count(options.keep_alive->timeout) : 0;
        if (options.proxy) {
            raw_.proxy_target = core::borrow(options.proxy->target);
            raw_.proxy_user = core::borrow(options.proxy->user);
            raw_.proxy_password = core::borrow(options.proxy->password);
        }
        raw_.connect_timeout_ms = count(options.connect_timeout);
        raw_.dns_resolution_interval_ms = count(options.dns_load_balancing);
        raw_.payloads_warn_size = options.payloads_warn_size;
        raw_.memo_warn_size = options.memo_warn_size;
        raw_.gzip = options.gzip;
        raw_.lazy = options.lazy;
        raw_.retry = raw_of(options.retry);
    }
    RawOptions(const RawOptions&) = delete;
    RawOptions& operator=(const RawOptions&) = delete;
    ~RawOptions() = default;

    [[nodiscard]] const HgConnectOptions* get() const { return &raw_; }

private:
    HgConnectOptions raw_;
    HgTlsOptions tls_{};
    std::vector<HgMetadata> metadata_;
};

struct PendingConnect {
    Callback<ConnectResult> callback;
    std::shared_ptr<Runtime> runtime;
    std::shared_ptr<Connection> (*make)(std::shared_ptr<Runtime> runtime, HgConnection* handle);
};

extern "C" void hg_cpp_connected(void* user_data, HgConnection* handle, HgResult result) noexcept {
    const std::unique_ptr<PendingConnect> pending{static_cast<PendingConnect*>(user_data)};
    auto connected = adopt_void(result, pending->runtime->from());
    if (!connected) {
        deliver(pending->callback, ConnectResult{failure(std::move(connected.error()))});
        return;
    }
    deliver(pending->callback, ConnectResult{pending->make(std::move(pending->runtime), handle)});
}

struct Server {
    Serve serve;
    const Bridge& from;
};

void serve(const Server& server, HgServedCall* handle, const HgServedRequest& request) noexcept {
    ServedCall call{handle, server.from};
    try {
        server.serve(
            std::move(call),
            {.service = view_of(request.service),
             .method = view_of(request.method),
             .body = view_of(request.request)}
        );
    } catch (const std::exception& error) {
        report_escaped(error.what());
    } catch (...) {
        report_escaped("not a std::exception");
    }
}

extern "C" void hg_cpp_serve(
    void* user_data, HgServedCall* handle, const HgServedRequest* request
) noexcept {
    serve(*static_cast<const Server*>(user_data), handle, *request);
}

extern "C" void hg_cpp_serve_ended(void* user_data) noexcept {
    delete static_cast<Server*>(user_data);
}

}  // namespace

Connection::Connection(std::shared_ptr<Runtime> runtime, HgConnection* handle) noexcept
    : runtime_{std::move(runtime)}, handle_{handle} {}

Connection::~Connection() {
    from().connection_free(handle_);
}

void Connection::connect(
    std::shared_ptr<Runtime> runtime,
    const ConnectOptions& options,
    Callback<ConnectResult> callback
) {
    const Bridge& from = runtime->from();
    const RawOptions raw{options, from};
    HgRuntime* const handle = runtime->handle();
    from.connect(
        handle, raw.get(), &hg_cpp_connected, pending(std::move(runtime), std::move(callback))
    );
}

void Connection::connect_in_process(
    std::shared_ptr<Runtime> runtime,
    const ConnectOptions& options,
    Serve serve,
    Callback<ConnectResult> callback
) {
    const Bridge& from = runtime->from();
    const RawOptions raw{options, from};
    const HgInProcessServer server{
        .serve = &hg_cpp_serve,
        .ended = &hg_cpp_serve_ended,
        .user_data = new Server{std::move(serve), from}
    };
    HgRuntime* const handle = runtime->handle();
    from.connect_in_process(
        handle,
        raw.get(),
        &server,
        &hg_cpp_connected,
        pending(std::move(runtime), std::move(callback))
    );
}

void* Connection::pending(std::shared_ptr<Runtime> runtime, Callback<ConnectResult> callback) {
    return new PendingConnect{
        std::move(callback),
        std::move(runtime),
        [](std::shared_ptr<Runtime> owner, HgConnection* connection) {
            return std::shared_ptr<Connection>{new Connection{std::move(owner), connection}};
        }
    };
}

void Connection::ensure_connected(VoidCallback callback) const {
    from().connection_ensure(
        handle_, &hg_cpp_void_done, into_user_data(std::move(callback), from())
    );
}

void Connection::rpc_call(const RpcRequest& request, BytesCallback callback) const {
    if (request.cancel.handle() != nullptr && request.cancel.from() != &from()) {
        deliver(callback, BytesResult{failure(of_another_build("cancel token"))});
        return;
    }
    const auto metadata = borrow(request.metadata);
    const HgRpcRequest raw{
        .service = static_cast<std::int32_t>(request.service),
        .method = core::borrow(request.method),
        .request = core::borrow(request.request),
        .retry = request.retry,
        .metadata = metadata.data(),
        .metadata_len = metadata.size(),
        .timeout_ms = count(request.timeout),
        .cancel = request.cancel.handle()
    };
    from().rpc_call(handle_, &raw, &hg_cpp_bytes_done, into_user_data(std::move(callback), from()));
}

VoidResult Connection::set_api_key(std::string_view api_key) const {
    return adopt_void(from().connection_set_api_key(handle_, core::borrow(api_key)), from());
}

VoidResult Connection::set_metadata(const Metadata& metadata) const {
    const auto raw = borrow(metadata);
    return adopt_void(from().connection_set_metadata(handle_, raw.data(), raw.size()), from());
}

VoidResult check(const ConnectOptions& options) {
    const Bridge& from = bridge();
    return adopt_void(from.connect_options_check(RawOptions{options, from}.get()), from);
}

bool has_method(Service service, std::string_view name) {
    return bridge().rpc_has_method(static_cast<std::int32_t>(service), core::borrow(name));
}

}  // namespace hourglass::core
