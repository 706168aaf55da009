#pragma once

#include "hourglass_bridge.h"

#include <cstdint>

/// All functions of the bridge: `X(name)` for each `hg_name`.
#define HOURGLASS_BRIDGE_FUNCTIONS(X)      \
    X(bytes_free)                          \
    X(cancel_token_cancel)                 \
    X(cancel_token_free)                   \
    X(cancel_token_new)                    \
    X(connect)                             \
    X(connect_in_process)                  \
    X(connect_options_check)               \
    X(connect_options_default)             \
    X(connection_ensure)                   \
    X(connection_free)                     \
    X(connection_set_api_key)              \
    X(connection_set_metadata)             \
    X(generation)                          \
    X(generation_bump)                     \
    X(metrics_drain)                       \
    X(metrics_free)                        \
    X(metrics_new)                         \
    X(metrics_prometheus_address)          \
    X(metrics_record)                      \
    X(replayer_feeder_free)                \
    X(replayer_new)                        \
    X(replayer_push)                       \
    X(result_free)                         \
    X(rpc_call)                            \
    X(rpc_has_method)                      \
    X(runtime_drive)                       \
    X(runtime_free)                        \
    X(runtime_new)                         \
    X(runtime_options_default)             \
    X(served_call_answer)                  \
    X(served_call_fail)                    \
    X(served_call_free)                    \
    X(worker_complete_activity_task)       \
    X(worker_complete_nexus_task)          \
    X(worker_complete_workflow_activation) \
    X(worker_finalize_shutdown)            \
    X(worker_free)                         \
    X(worker_initiate_shutdown)            \
    X(worker_new)                          \
    X(worker_options_default)              \
    X(worker_poll_activity_task)           \
    X(worker_poll_nexus_task)              \
    X(worker_poll_workflow_activation)     \
    X(worker_record_activity_heartbeat)    \
    X(worker_replace_client)               \
    X(worker_request_workflow_eviction)    \
    X(worker_validate)

/// For the .cpp files of this folder only.
namespace hourglass::core {

/// One build of the bridge. What one gives, another must not get: each object remembers the build
/// it came from, and is freed by that. Never destroyed.
struct Bridge {
#define HOURGLASS_BRIDGE_MEMBER(name) decltype(&::hg_##name) name;
    HOURGLASS_BRIDGE_FUNCTIONS(HOURGLASS_BRIDGE_MEMBER)
#undef HOURGLASS_BRIDGE_MEMBER

    /// What its own generations are counted on from, so that those of two builds are never equal.
    std::uint64_t generations_before = 0;

    [[nodiscard]] std::uint64_t current_generation() const noexcept {
        return generations_before + generation();
    }
};

/// The build in use: the one that is linked in, until another is loaded.
/// @threads any; an atomic read.
[[nodiscard]] const Bridge& bridge() noexcept;

}  // namespace hourglass::core
