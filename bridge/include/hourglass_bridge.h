// The C interface of Temporal Core, as Hourglass uses it. Generated from the Rust sources of this
// folder; change those, then run here:
// cargo run --manifest-path header/Cargo.toml -- include/hourglass_bridge.h
//
// Rules:
//
// - Ownership is in the names. `_new`, the connect and the serve callback give, `_free` ends. Every
//   other pointer is borrowed for the call. A result belongs to whoever receives it
//   (`hg_result_free`).
// - A function without a return value is asynchronous, except the `_free`s. It calls its callback
//   exactly once, whatever happens: on a thread of the runtime, or, for errors that are found at
//   once and when the runtime ends meanwhile, on the thread that finds it, possibly before the
//   function returns. So hold no lock that the callback needs. The one exception: after a `fork`,
//   calls that the parent began are answered in the parent only. A null callback is allowed: then
//   nobody learns the answer.
// - A callback may only post: it must not block, throw or unwind. It may begin asynchronous calls.
// - A panic inside is caught and answered as HG_STATUS_PANIC. No panic crosses.
// - A handle belongs to the generation that made it (see hg_generation). A call with an older one
//   answers HG_STATUS_STALE_HANDLE and touches nothing; freeing it is safe, and leaks its
//   content if it came through a fork.
// - Text is UTF-8 and not terminated. Bytes are serialized protobuf messages, and read during the
//   call only.
// - Free connections, workers and feeders before their runtime. Metrics may go before or after it.

#ifndef HOURGLASS_BRIDGE_H
#define HOURGLASS_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How a call ended.
typedef enum HgStatus {
    // It did what it was asked to.
    HG_STATUS_OK = 0,
    // An argument is wrong; the message says which and why.
    HG_STATUS_INVALID_ARGUMENT = 1,
    // A panic was caught; the message is its text. The handle may be used on.
    HG_STATUS_PANIC = 2,
    // The handle was made by an older generation (see `hg_generation`); only freeing it is left.
    HG_STATUS_STALE_HANDLE = 3,
    // What was called has been shut down; a poll answers this when nothing more will come.
    HG_STATUS_SHUTDOWN = 4,
    // The server, or the way to it, answered with a gRPC error: see the code, message, details.
    HG_STATUS_RPC = 5,
    // No connection to the server; the gRPC code says how (14: it cannot be reached).
    HG_STATUS_CONNECT_FAILED = 6,
    // The worker's check against the server failed, for instance for a missing namespace.
    HG_STATUS_VALIDATION = 7,
    // The caller's cancel token was cancelled.
    HG_STATUS_CANCELLED = 8,
    // The call's timeout passed.
    HG_STATUS_TIMEOUT = 9,
    // Something else went wrong inside.
    HG_STATUS_INTERNAL = 10,
} HgStatus;

// What an instrument measures, and so what an update's value means.
typedef enum HgMetricKind {
    // Only grows; the value is added.
    HG_METRIC_KIND_COUNTER = 0,
    // The value replaces the one before.
    HG_METRIC_KIND_GAUGE = 1,
    // The value is one observation; durations are in milliseconds.
    HG_METRIC_KIND_HISTOGRAM = 2,
    // Goes up and down; the value is added.
    HG_METRIC_KIND_UP_DOWN_COUNTER = 3,
} HgMetricKind;

// How serious a log record is.
typedef enum HgLogLevel {
    // The finest.
    HG_LOG_LEVEL_TRACE = 0,
    // For whoever looks for a fault.
    HG_LOG_LEVEL_DEBUG = 1,
    // What happens in good order.
    HG_LOG_LEVEL_INFO = 2,
    // Something is odd.
    HG_LOG_LEVEL_WARN = 3,
    // Something failed.
    HG_LOG_LEVEL_ERROR = 4,
} HgLogLevel;

// A gRPC service of a Temporal server.
typedef enum HgService {
    // `temporal.api.workflowservice.v1.WorkflowService`
    HG_SERVICE_WORKFLOW = 0,
    // `temporal.api.operatorservice.v1.OperatorService`
    HG_SERVICE_OPERATOR = 1,
    // `temporal.api.cloud.cloudservice.v1.CloudService`
    HG_SERVICE_CLOUD = 2,
    // `temporal.api.testservice.v1.TestService`
    HG_SERVICE_TEST = 3,
    // `grpc.health.v1.Health`, without its streaming method
    HG_SERVICE_HEALTH = 4,
} HgService;

// How many polls a worker keeps open: a value of `HgPollerBehavior.kind`.
typedef enum HgPollerKind {
    // As Core decides for the namespace.
    HG_POLLER_KIND_DEFAULT = 0,
    // At most `maximum`.
    HG_POLLER_KIND_SIMPLE_MAXIMUM = 1,
    // Between `minimum` and `maximum`, as the server suggests.
    HG_POLLER_KIND_AUTOSCALING = 2,
} HgPollerKind;

// How a worker takes part in versioning: a value of `HgWorkerOptions.versioning`.
typedef enum HgVersioning {
    // Not at all; the build id, if any, is for people.
    HG_VERSIONING_NONE = 0,
    // By worker deployments.
    HG_VERSIONING_DEPLOYMENT = 1,
    // By build ids of a whole worker, the older way.
    HG_VERSIONING_LEGACY_BUILD_ID = 2,
} HgVersioning;

// What becomes of a workflow when a new version is deployed: a value of
// `HgWorkerOptions.default_versioning_behavior`.
typedef enum HgVersioningBehavior {
    // The worker has no default.
    HG_VERSIONING_BEHAVIOR_UNSPECIFIED = 0,
    // It stays with its version.
    HG_VERSIONING_BEHAVIOR_PINNED = 1,
    // It moves to the new one.
    HG_VERSIONING_BEHAVIOR_AUTO_UPGRADE = 2,
} HgVersioningBehavior;

// Cancels the calls it was given to.
typedef struct HgCancelToken HgCancelToken;

// A connection to a server; calls and workers share it.
typedef struct HgConnection HgConnection;

// Feeds histories to a replaying worker.
typedef struct HgHistoryFeeder HgHistoryFeeder;

// A place for metrics, for one runtime after the other.
typedef struct HgMetrics HgMetrics;

// Threads of Core, with everything that lives as long as they do.
typedef struct HgRuntime HgRuntime;

// A call that waits for its answer.
typedef struct HgServedCall HgServedCall;

// A worker of one task queue.
typedef struct HgWorker HgWorker;

// Bytes that belong to whoever holds them, until `hg_bytes_free` ends them.
typedef struct HgBytes {
    // First byte; null when there is nothing to free.
    uint8_t *data;
    // Number of bytes.
    size_t len;
    // For `hg_bytes_free` only.
    size_t capacity;
} HgBytes;

// What a call answers. Belongs to whoever receives it: `hg_result_free` ends it.
typedef struct HgResult {
    // How it ended; everything below is empty or 0 where it does not apply.
    enum HgStatus status;
    // gRPC status code; 0 when no gRPC call failed.
    int32_t grpc_code;
    // The answer proper, a serialized protobuf message unless said otherwise.
    struct HgBytes bytes;
    // What went wrong, UTF-8.
    struct HgBytes message;
    // A serialized `google.rpc.Status`, when the server sent one.
    struct HgBytes details;
} HgResult;

// Bytes that belong to the caller and are read during the call only.
typedef struct HgBytesRef {
    // First byte; may be null when `len` is 0.
    const uint8_t *data;
    // Number of bytes.
    size_t len;
} HgBytesRef;

// TLS; all bytes are PEM.
typedef struct HgTlsOptions {
    // The server's root certificate; empty: the system's.
    struct HgBytesRef server_root_ca_cert;
    // The name that is sent to the server, and that its certificate must have; empty: the target's
    // host.
    struct HgBytesRef domain;
    // The name that the server's certificate must have instead; empty: the one that is sent.
    struct HgBytesRef verification_server_name;
    // The client's certificate; set both or neither of these two.
    struct HgBytesRef client_cert;
    // The client's private key.
    struct HgBytesRef client_private_key;
} HgTlsOptions;

// One entry of gRPC metadata. A key that ends in `-bin` has a binary value, any other an ASCII one.
typedef struct HgMetadata {
    // Lower-case key.
    struct HgBytesRef key;
    // Value.
    struct HgBytesRef value;
} HgMetadata;

// How to repeat calls that failed for reasons that pass.
typedef struct HgRetryOptions {
    // First pause.
    uint64_t initial_interval_ms;
    // Part of a pause that is random, 0 to 1.
    double randomization_factor;
    // Each pause is this much longer than the one before.
    double multiplier;
    // Longest pause.
    uint64_t max_interval_ms;
    // No attempt starts later than this after the first; 0: no limit.
    uint64_t max_elapsed_time_ms;
    // Number of attempts; 0: no limit.
    uint32_t max_attempts;
} HgRetryOptions;

// How to connect.
typedef struct HgConnectOptions {
    // `host:port`, or a URL with the scheme http or https.
    struct HgBytesRef target;
    // Name of the SDK, sent with every call; empty: `temporal-cpp`.
    struct HgBytesRef client_name;
    // Version of the SDK; empty: the bridge's own.
    struct HgBytesRef client_version;
    // Who this is, shown in histories; workers need one.
    struct HgBytesRef identity;
    // TLS; null: none, unless the target's scheme is https.
    const struct HgTlsOptions *tls;
    // Sent as bearer token; empty: none.
    struct HgBytesRef api_key;
    // Metadata for every call.
    const struct HgMetadata *metadata;
    // Number of entries in `metadata`.
    size_t metadata_len;
    // Pause between HTTP/2 keep-alive pings; 0: no pings.
    uint64_t keep_alive_interval_ms;
    // How long a ping may remain unanswered.
    uint64_t keep_alive_timeout_ms;
    // `host:port` (or `unix:/path`) of an HTTP CONNECT proxy; empty: none.
    struct HgBytesRef proxy_target;
    // User for the proxy; empty: no authentication.
    struct HgBytesRef proxy_user;
    // Password for the proxy.
    struct HgBytesRef proxy_password;
    // How long connecting may take, the first answer of the server included; 0: no limit.
    uint64_t connect_timeout_ms;
    // The target's name is resolved again after this time, at least 1000, and calls are spread over
    // all of its addresses; 0: they go to one address. Must be 0 with a proxy.
    uint64_t dns_resolution_interval_ms;
    // From how many bytes on the log warns of payloads that are sent; 0: never.
    uint64_t payloads_warn_size;
    // The same of a memo.
    uint64_t memo_warn_size;
    // Whether to compress calls with gzip.
    bool gzip;
    // Whether to connect at the first call only.
    bool lazy;
    // How calls are repeated that ask for it.
    struct HgRetryOptions retry;
} HgConnectOptions;

// Receives a connection, exactly once; null unless the status is `Ok`. The rules are those of
// `HgCallback`, and `connection` belongs to it.
typedef void (*HgConnectCallback)(void *user_data,
                                  struct HgConnection *connection,
                                  struct HgResult result);

// What Core asks the server; everything is borrowed for the call.
typedef struct HgServedRequest {
    // The full name: `temporal.api.workflowservice.v1.WorkflowService`.
    struct HgBytesRef service;
    // As in the protos: `PollWorkflowTaskQueue`.
    struct HgBytesRef method;
    // The request, a serialized protobuf message.
    struct HgBytesRef request;
} HgServedRequest;

// Receives one call of Core's, on a thread of the runtime. `call` belongs to it: it is answered now
// or later, and then freed. It may only post or answer, never block, never throw.
typedef void (*HgServeCallback)(void *user_data,
                                struct HgServedCall *call,
                                const struct HgServedRequest *request);

// Runs once, when `serve` will not be called any more; on any thread. It may only free and post.
typedef void (*HgServeEndCallback)(void *user_data);

// A server in this process.
typedef struct HgInProcessServer {
    // Receives each call; not null. Several at once.
    HgServeCallback serve;
    // Told when nobody can call any more: the connection and all that was made from it is gone.
    // Also if there is never a connection. Not in a forked child. May be null.
    HgServeEndCallback ended;
    // For both; in use until `ended`.
    void *user_data;
} HgInProcessServer;

// Receives the answer of an asynchronous call, exactly once. It runs on a thread of the runtime,
// or on the calling thread for errors that are found at once: it may only post, never block,
// never throw. `result` belongs to it.
typedef void (*HgCallback)(void *user_data, struct HgResult result);

// What is measured; everything in it is borrowed for the call.
typedef struct HgInstrument {
    // What its values mean. A name has one kind, as long as its metrics live.
    enum HgMetricKind kind;
    // Its name: letters, digits and `_`, no digit first. `temporal_` is for Core's own.
    struct HgBytesRef name;
    // Its unit, UTF-8, such as "ms"; may be empty. Prometheus is not told.
    struct HgBytesRef unit;
    // What it measures, UTF-8; may be empty.
    struct HgBytesRef description;
} HgInstrument;

// A label of a measurement.
typedef struct HgMetricLabel {
    // Its name: letters, digits and `_`, no digit first.
    struct HgBytesRef name;
    // Its value, UTF-8.
    struct HgBytesRef value;
} HgMetricLabel;

// Where metrics are to go: one of the two.
typedef struct HgMetricsOptions {
    // `IP:port` where Prometheus can fetch them at `/metrics` (port 0: a free one); empty: nowhere.
    struct HgBytesRef prometheus_address;
    // Number of events to keep for `hg_metrics_drain`, when there are more they are dropped; 0:
    // none.
    uint32_t buffer;
} HgMetricsOptions;

// One recorded measurement; everything in it is borrowed for the call.
typedef struct HgMetricUpdate {
    // What is measured.
    enum HgMetricKind kind;
    // See `kind`.
    double value;
    // The instrument's name; Core's own begin with `temporal_`.
    struct HgBytesRef name;
    // Its unit, may be empty.
    struct HgBytesRef unit;
    // What it measures, may be empty.
    struct HgBytesRef description;
    // The labels: a JSON object.
    struct HgBytesRef attributes_json;
} HgMetricUpdate;

// Receives one measurement, on the thread that drains; must not throw or call this library.
typedef void (*HgMetricCallback)(void *user_data, const struct HgMetricUpdate *update);

// How many polls of one kind of task a worker keeps open.
typedef struct HgPollerBehavior {
    // A value of `HgPollerKind`.
    int32_t kind;
    // The most; workflow tasks with a cache need 2 or more.
    uint32_t maximum;
    // The fewest; for autoscaling.
    uint32_t minimum;
    // How many to begin with; for autoscaling.
    uint32_t initial;
} HgPollerBehavior;

// How a worker works. Where 0 is no sensible value, it means: as Core decides.
typedef struct HgWorkerOptions {
    // Namespace; required.
    struct HgBytesRef namespace_;
    // Task queue; required.
    struct HgBytesRef task_queue;
    // Overrides the connection's identity; empty: does not.
    struct HgBytesRef identity;
    // A value of `HgVersioning`.
    int32_t versioning;
    // For deployments.
    struct HgBytesRef deployment_name;
    // The version of the code.
    struct HgBytesRef build_id;
    // For deployments: whether to take tasks of this version only.
    bool use_worker_versioning;
    // For deployments: a value of `HgVersioningBehavior`, for workflows that do not say.
    int32_t default_versioning_behavior;
    // Whether to poll workflow tasks.
    bool poll_workflows;
    // Whether workflows may run local activities here.
    bool run_local_activities;
    // Whether to poll activity tasks.
    bool poll_activities;
    // Whether to poll Nexus tasks.
    bool poll_nexus;
    // Number of workflow runs to keep; 0: none, every task replays its history.
    uint32_t max_cached_workflows;
    // Number of workflow tasks at a time.
    uint32_t max_workflow_tasks;
    // Number of activities at a time.
    uint32_t max_activities;
    // Number of local activities at a time.
    uint32_t max_local_activities;
    // Number of Nexus tasks at a time.
    uint32_t max_nexus_tasks;
    // Polls for workflow tasks.
    struct HgPollerBehavior workflow_pollers;
    // Polls for activity tasks.
    struct HgPollerBehavior activity_pollers;
    // Polls for Nexus tasks.
    struct HgPollerBehavior nexus_pollers;
    // Part of the workflow polls that go to the queue all workers share.
    float nonsticky_to_sticky_poll_ratio;
    // How long a workflow task waits for this worker before any other may take it.
    uint64_t sticky_queue_schedule_to_start_timeout_ms;
    // Longest pause between two heartbeats of an activity to the server.
    uint64_t max_heartbeat_throttle_interval_ms;
    // That pause for activities without a heartbeat timeout.
    uint64_t default_heartbeat_throttle_interval_ms;
    // How many activities this worker starts in a second; 0: no limit.
    double max_worker_activities_per_second;
    // How many activities the server hands out in a second for the whole queue; 0: no limit.
    double max_task_queue_activities_per_second;
    // How many activities may be started with the answer to a workflow task; 0: none.
    uint32_t max_eager_activities;
    // How long after the beginning of shutdown activities are cancelled; 0: at once.
    uint64_t graceful_shutdown_period_ms;
    // Whether nondeterminism fails the workflow instead of its task.
    bool nondeterminism_fails_workflow;
    // Workflow types that it fails even if the field above says no.
    const struct HgBytesRef *nondeterminism_fails_types;
    // Number of entries in `nondeterminism_fails_types`.
    size_t nondeterminism_fails_types_len;
} HgWorkerOptions;

// A call.
typedef struct HgRpcRequest {
    // Whom to call: a value of `HgService`.
    int32_t service;
    // What to call, as in the protos: `StartWorkflowExecution`.
    struct HgBytesRef method;
    // The request, a serialized protobuf message.
    struct HgBytesRef request;
    // Whether to repeat it when it fails for a reason that passes, as the connection's options say.
    bool retry;
    // Metadata for this call, over the connection's.
    const struct HgMetadata *metadata;
    // Number of entries in `metadata`.
    size_t metadata_len;
    // How long it may take, repetitions included; 0: no limit of the caller's.
    uint64_t timeout_ms;
    // Cancels the call; borrowed; may be null.
    const struct HgCancelToken *cancel;
} HgRpcRequest;

// One log record of Core; everything in it is borrowed for the call.
typedef struct HgLogRecord {
    // How serious it is.
    enum HgLogLevel level;
    // When, in milliseconds since 1970.
    uint64_t timestamp_ms;
    // The module it comes from, UTF-8.
    struct HgBytesRef target;
    // The text, UTF-8.
    struct HgBytesRef message;
    // The fields of the record and of the spans it is in: a JSON object.
    struct HgBytesRef fields_json;
} HgLogRecord;

// Receives Core's log records, on any thread that works for the runtime or calls this library.
// It may only post: never block, never throw, never call this library.
typedef void (*HgLogCallback)(void *user_data, const struct HgLogRecord *record);

// How to make a runtime.
typedef struct HgRuntimeOptions {
    // Number of threads; 0: what the variable TOKIO_WORKER_THREADS says, or else one for every two
    // processors.
    uint32_t threads;
    // No thread (and `threads` is 0): asynchronous calls go on only while a thread of the caller's is
    // in `hg_runtime_drive`, and answer there.
    bool driven;
    // What of Core's log to forward, in the syntax of `RUST_LOG`; empty: Core's warnings and
    // other libraries' errors.
    struct HgBytesRef log_filter;
    // Receives the log; null: no log.
    HgLogCallback log_callback;
    // For `log_callback`; in use until `hg_runtime_free` returns, for ever if it is stale then.
    void *log_user_data;
    // Where Core's metrics go, borrowed for the call; null: nothing is measured.
    const struct HgMetrics *metrics;
    // How often workers report themselves to the server, 1000 to 60000 ms; 0: never.
    uint64_t worker_heartbeat_interval_ms;
} HgRuntimeOptions;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Frees bytes that a call of this library handed out. Empty ones are fine; any thread.
//
// # Safety
// `bytes` came from this library and is not freed yet.
void hg_bytes_free(struct HgBytes bytes);

// Gives a token. Any thread.
struct HgCancelToken *hg_cancel_token_new(void);

// Cancels every call that was given `token` (borrowed), now and later: they end with `Cancelled`.
//
// # Safety
// `token` came from `hg_cancel_token_new` and is not freed.
struct HgResult hg_cancel_token_cancel(const struct HgCancelToken *token);

// Ends `token`; the calls that were given it go on. Null is fine.
//
// # Safety
// `token` is null or came from `hg_cancel_token_new` and is not freed.
void hg_cancel_token_free(struct HgCancelToken *token);

// Connects and gives a connection to `callback`. A lazy one is given at once and connects at its
// first call, or at `hg_connection_ensure`. `runtime` and `options` are borrowed for the call.
// Asynchronous; any thread.
//
// # Safety
// `runtime` is live; `options` and what it points to are readable.
void hg_connect(const struct HgRuntime *runtime,
                const struct HgConnectOptions *options,
                HgConnectCallback callback,
                void *user_data);

// As `hg_connect`, to a server in this process instead of the target, which only stands in texts.
// Nothing touches the network: TLS, proxy, keep-alive and compression have no meaning here. What
// `server` points to is read during the call; its `ended` is called however this ends.
// Asynchronous; any thread.
//
// # Safety
// `runtime` is live; `options` and what it points to are readable; `server` is readable, and its
// callbacks may be called with its user data until `ended`.
void hg_connect_in_process(const struct HgRuntime *runtime,
                           const struct HgConnectOptions *options,
                           const struct HgInProcessServer *server,
                           HgConnectCallback callback,
                           void *user_data);

// Connects a lazy `connection` (borrowed) now; without effect on a connected one. Asynchronous;
// any thread.
//
// # Safety
// `connection` is live.
void hg_connection_ensure(const struct HgConnection *connection,
                          HgCallback callback,
                          void *user_data);

// Sends `api_key` (empty: none) with every later call on `connection` (borrowed), polls of its
// workers included. Any thread.
//
// # Safety
// `connection` is live; `api_key` is readable.
struct HgResult hg_connection_set_api_key(const struct HgConnection *connection,
                                          struct HgBytesRef api_key);

// Sends these entries, and no others, with every later call on `connection` (borrowed). Any thread.
//
// # Safety
// `connection` is live; `metadata` points to `metadata_len` readable entries.
struct HgResult hg_connection_set_metadata(const struct HgConnection *connection,
                                           const struct HgMetadata *metadata,
                                           size_t metadata_len);

// Ends `connection`; calls under way and workers go on. Stale or null is fine.
//
// # Safety
// `connection` is null or came from `hg_connect` and is not freed.
void hg_connection_free(struct HgConnection *connection);

// Core's own choices; `target` is left to set.
struct HgConnectOptions hg_connect_options_default(void);

// Whether `options` (borrowed) can work, as far as can be told without a server: what
// `hg_connect` refuses with the same message. Any thread.
//
// # Safety
// `options` and what it points to are readable.
struct HgResult hg_connect_options_check(const struct HgConnectOptions *options);

// The number of the current generation, 1 or more. Any thread.
uint64_t hg_generation(void);

// Does to this process what `fork` does to the child: starts a new generation, in which the
// threads of the older ones are gone. Every older handle is stale, every asynchronous call that
// is under way ends with `StaleHandle` soon, and connections close. For tests, and for a host
// that loads its parts again. Returns the new generation. Any thread.
uint64_t hg_generation_bump(void);

// Answers `call` with `response`, a serialized protobuf message; both are borrowed for the call.
// `Cancelled` says that Core has given the call up, `InvalidArgument` that it was answered before.
// Any thread.
//
// # Safety
// `call` came with a call of `serve` and is not freed; `response` is readable.
struct HgResult hg_served_call_answer(const struct HgServedCall *call, struct HgBytesRef response);

// As `hg_served_call_answer`, with a gRPC error: a code from 1 to 16, a message, and a serialized
// `google.rpc.Status` (empty: none).
//
// # Safety
// `call` came with a call of `serve` and is not freed; the bytes are readable.
struct HgResult hg_served_call_fail(const struct HgServedCall *call,
                                    int32_t grpc_code,
                                    struct HgBytesRef message,
                                    struct HgBytesRef details);

// Ends `call`; one without an answer fails as unavailable. Stale or null is fine; any thread.
//
// # Safety
// `call` is null, or came with a call of `serve` and is not freed.
void hg_served_call_free(struct HgServedCall *call);

// Records one measurement beside Core's own: adds `value` to the counter of that name and those
// labels, where 0 makes it known, sets the gauge, or lets the histogram observe it, a duration in
// milliseconds. Counters take whole numbers, up to 2^53. With Prometheus the first call says what
// the instrument's description is. Everything is borrowed; any thread; does not block.
//
// # Safety
// `metrics` is live; `instrument` points to one whose `kind` is of the enumeration; `labels` points
// to `label_count` labels; all bytes are readable.
struct HgResult hg_metrics_record(const struct HgMetrics *metrics,
                                  const struct HgInstrument *instrument,
                                  const struct HgMetricLabel *labels,
                                  size_t label_count,
                                  double value);

// Gives a place for metrics in `*out`. Any thread.
//
// # Safety
// `options` and `out` point to what their types say; the bytes in `options` are readable.
struct HgResult hg_metrics_new(const struct HgMetricsOptions *options, struct HgMetrics **out);

// Calls `callback` for every measurement since the last drain, on this thread. Without a `buffer`
// there is none. `metrics` is borrowed; any thread.
//
// # Safety
// `metrics` is live; `callback` keeps its rules.
struct HgResult hg_metrics_drain(const struct HgMetrics *metrics,
                                 HgMetricCallback callback,
                                 void *user_data);

// Answers with the `IP:port` where Prometheus can fetch the metrics, empty without one. `metrics`
// is borrowed; any thread.
//
// # Safety
// `metrics` is live.
struct HgResult hg_metrics_prometheus_address(const struct HgMetrics *metrics);

// Ends `metrics`: once this returns nobody listens at its address. Runtimes that were made with it
// go on, and measure for nobody. Stale or null is fine; one that came
// through a fork leaks.
//
// # Safety
// `metrics` is null or came from `hg_metrics_new` and is not freed; no call with it is under way.
void hg_metrics_free(struct HgMetrics *metrics);

// Gives a worker that replays in `*out_worker` and what feeds it in `*out_feeder`. The worker is
// polled, completed and ended as any other, for workflow activations only; it shuts down by itself
// once the feeder is freed and all histories are replayed. It replays one after the other: the
// next comes when the one before was evicted. Finalize it before it is freed: Core keeps some
// memory of one that is torn off. `runtime` and `options` are borrowed. Any thread.
//
// # Safety
// `runtime` is live; `options` and what it points to are readable; the `out`s are writable.
struct HgResult hg_replayer_new(const struct HgRuntime *runtime,
                                const struct HgWorkerOptions *options,
                                struct HgWorker **out_worker,
                                struct HgHistoryFeeder **out_feeder);

// Adds a history (a serialized `temporal.api.history.v1.History`) of the workflow `workflow_id`;
// answers when there is room for it. `feeder` and the bytes are borrowed for the call.
// Asynchronous; any thread.
//
// # Safety
// `feeder` is live; the bytes are readable.
void hg_replayer_push(const struct HgHistoryFeeder *feeder,
                      struct HgBytesRef workflow_id,
                      struct HgBytesRef history,
                      HgCallback callback,
                      void *user_data);

// Ends `feeder`: no more histories come. Stale or null is fine.
//
// # Safety
// `feeder` is null or came from `hg_replayer_new` and is not freed.
void hg_replayer_feeder_free(struct HgHistoryFeeder *feeder);

// Whether `hg_rpc_call` knows the method `name` of `service`. Any thread.
//
// # Safety
// `name` is readable.
bool hg_rpc_has_method(int32_t service, struct HgBytesRef name);

// Calls a method of the server and gives the serialized response to `callback`. `connection` and
// `request` are borrowed for the call. A server that cannot be reached answers `Rpc` or
// `ConnectFailed` with the gRPC code 14, after the repetitions if there are any; the timeout
// answers `Timeout` with 4, the cancel token `Cancelled` with 1. Asynchronous; any thread.
//
// # Safety
// `connection` is live; `request` and what it points to are readable.
void hg_rpc_call(const struct HgConnection *connection,
                 const struct HgRpcRequest *request,
                 HgCallback callback,
                 void *user_data);

// The options that Core itself would choose: no log, no metrics, a worker heartbeat each minute.
struct HgRuntimeOptions hg_runtime_options_default(void);

// Gives a runtime in `*out`. Any thread.
//
// # Safety
// `options` and `out` point to what their types say; the bytes in `options` are readable, and its
// metrics live if there are any.
struct HgResult hg_runtime_new(const struct HgRuntimeOptions *options, struct HgRuntime **out);

// Lends this thread to `runtime`, which is driven: does what its asynchronous calls ask for until
// one of them has been answered, by a callback on this thread, or `limit_ms` have passed
// (`Timeout`); 0: only looks whether one has. `runtime` is borrowed. Any thread that no runtime
// runs on; one at a time makes progress.
//
// # Safety
// `runtime` is live.
struct HgResult hg_runtime_drive(const struct HgRuntime *runtime, uint64_t limit_ms);

// Ends `runtime` and its threads: asynchronous calls that are under way end with `Shutdown`, and
// the log callback does not run any more once this returns. Waits for the threads, 10 seconds at
// most; on a thread of a runtime (in a callback) it does not wait, and the rest happens on another
// thread. Handles made from it answer `Shutdown` from now on. Stale or null is fine; one
// that came through a fork leaks.
//
// # Safety
// `runtime` is null or came from `hg_runtime_new` and is not freed; no call with it is under way.
void hg_runtime_free(struct HgRuntime *runtime);

// Frees what a result owns. Any thread.
//
// # Safety
// `result` came from this library and none of its parts is freed yet.
void hg_result_free(struct HgResult result);

// Gives a worker in `*out`. It polls nothing until it is asked to. `connection` (borrowed) must be
// connected: a lazy one by `hg_connection_ensure`. A second worker of the same namespace, task
// queue and build id needs another connection. Any thread.
//
// # Safety
// `connection` is live; `options` and what it points to are readable; `out` is writable.
struct HgResult hg_worker_new(const struct HgConnection *connection,
                              const struct HgWorkerOptions *options,
                              struct HgWorker **out);

// Answers with the next `coresdk.workflow_activation.WorkflowActivation`, or `Shutdown` when none
// will come. Every activation has to be completed. One such poll at a time. `worker` is borrowed.
// Asynchronous; any thread.
//
// # Safety
// `worker` is live.
void hg_worker_poll_workflow_activation(const struct HgWorker *worker,
                                        HgCallback callback,
                                        void *user_data);

// Answers with the next `coresdk.activity_task.ActivityTask`, or `Shutdown` when none will come.
// Every task that starts an activity has to be completed. One such poll at a time. `worker` is
// borrowed. Asynchronous; any thread.
//
// # Safety
// `worker` is live.
void hg_worker_poll_activity_task(const struct HgWorker *worker,
                                  HgCallback callback,
                                  void *user_data);

// Answers with the next `coresdk.nexus.NexusTask`, or `Shutdown` when none will come. Every task
// has to be completed. One such poll at a time. `worker` is borrowed. Asynchronous; any thread.
//
// # Safety
// `worker` is live.
void hg_worker_poll_nexus_task(const struct HgWorker *worker, HgCallback callback, void *user_data);

// Answers an activation with a `coresdk.workflow_completion.WorkflowActivationCompletion`. `worker`
// and `completion` are borrowed for the call. Asynchronous; any thread, several at once.
//
// # Safety
// `worker` is live; `completion` is readable.
void hg_worker_complete_workflow_activation(const struct HgWorker *worker,
                                            struct HgBytesRef completion,
                                            HgCallback callback,
                                            void *user_data);

// Answers an activity task with a `coresdk.ActivityTaskCompletion`. `worker` and `completion` are
// borrowed for the call. Asynchronous; any thread, several at once.
//
// # Safety
// `worker` is live; `completion` is readable.
void hg_worker_complete_activity_task(const struct HgWorker *worker,
                                      struct HgBytesRef completion,
                                      HgCallback callback,
                                      void *user_data);

// Answers a Nexus task with a `coresdk.nexus.NexusTaskCompletion`. `worker` and `completion` are
// borrowed for the call. Asynchronous; any thread, several at once.
//
// # Safety
// `worker` is live; `completion` is readable.
void hg_worker_complete_nexus_task(const struct HgWorker *worker,
                                   struct HgBytesRef completion,
                                   HgCallback callback,
                                   void *user_data);

// Records a `coresdk.ActivityHeartbeat`; Core sends it when it is time to. A cancellation that the
// server answers with arrives as an activity task. `worker` and `heartbeat` are borrowed for the
// call. Any thread.
//
// # Safety
// `worker` is live; `heartbeat` is readable.
struct HgResult hg_worker_record_activity_heartbeat(const struct HgWorker *worker,
                                                    struct HgBytesRef heartbeat);

// Asks that the run be evicted; an activation that says so follows if it is cached. `worker` and
// `run_id` are borrowed for the call. Any thread.
//
// # Safety
// `worker` is live; `run_id` is readable.
struct HgResult hg_worker_request_workflow_eviction(const struct HgWorker *worker,
                                                    struct HgBytesRef run_id);

// Begins the end: polls stop at the server and answer `Shutdown` once nothing more comes. Go on
// polling until they do, and complete what they give. `worker` is borrowed. Any thread, any number
// of times.
//
// # Safety
// `worker` is live.
struct HgResult hg_worker_initiate_shutdown(const struct HgWorker *worker);

// Ends the worker inside `worker` (borrowed): answers when everything that it handed out has been
// completed. Until then the worker takes completions; from then on every call with it answers
// `Shutdown`, and freeing it is left. Call it when all polls have answered `Shutdown`.
// Asynchronous; any thread.
//
// # Safety
// `worker` is live.
void hg_worker_finalize_shutdown(const struct HgWorker *worker,
                                 HgCallback callback,
                                 void *user_data);

// Lets `worker` (borrowed) talk to the server through `connection` (borrowed, connected) from now
// on. Any thread.
//
// # Safety
// Both are live.
struct HgResult hg_worker_replace_client(const struct HgWorker *worker,
                                         const struct HgConnection *connection);

// Ends `worker`. One that was not finalized is torn off: its polls end, its registration with the
// connection too, and what it handed out is left to the server's timeouts. Stale or null is fine; one
// that came through a fork leaks.
//
// # Safety
// `worker` is null or came from `hg_worker_new` or `hg_replayer_new` and is not freed; no call that
// was given it is under way.
void hg_worker_free(struct HgWorker *worker);

// All task types, a cache of 1000 runs, activities cancelled at once on shutdown, all else as Core
// decides; `namespace_` and `task_queue` are left to set.
struct HgWorkerOptions hg_worker_options_default(void);

// Asks the server whether `worker` (borrowed) can work: whether its namespace exists. Call it once,
// before the first poll. Answers with a `coresdk.NamespaceInfo`. Asynchronous; any thread.
//
// # Safety
// `worker` is live.
void hg_worker_validate(const struct HgWorker *worker, HgCallback callback, void *user_data);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* HOURGLASS_BRIDGE_H */
