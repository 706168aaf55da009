#pragma once

#include "hourglass/base/log.hpp"
#include "src/core/metrics.hpp"
#include "src/core/status.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

struct HgRuntime;

namespace hourglass::core {

struct Bridge;

/// Receives Core's log, on any thread that works for Core: it may only post.
using LogCallback = std::function<void(log::Record)>;

struct RuntimeOptions {
    /// Number of Core's threads; 0: TOKIO_WORKER_THREADS, or one for every two processors.
    unsigned threads = 0;
    /// No thread (and `threads` is 0): Core goes on only while a thread is in `Runtime::drive`.
    bool driven = false;
    /// What of Core's log to forward, in the syntax of RUST_LOG; empty: Core's warnings.
    std::string log_filter = {};
    /// Null: no log.
    LogCallback on_log = {};
    /// Where Core measures; null: nowhere.
    std::shared_ptr<const Metrics> metrics = {};
    /// How often workers report themselves to the server, 1 to 60 s; unset: never.
    std::optional<std::chrono::milliseconds> worker_heartbeat_interval = std::chrono::seconds{60};
};

/// The threads of Temporal Core with their log. Connections and workers keep it alive.
class Runtime {
public:
    [[nodiscard]] static Result<std::shared_ptr<Runtime>, CallError> create(RuntimeOptions options);

    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;
    /// Ends the threads and waits for them, 10 s at most; on one of them, another thread waits.
    ~Runtime();

    /// Lends this thread to a runtime that is driven, until one of its asynchronous calls has been
    /// answered, on this thread.
    /// @returns Timeout if none was within `limit`.
    /// @threads any but Core's; one at a time.
    VoidResult drive(std::chrono::milliseconds limit);

    /// For the other files of this folder.
    [[nodiscard]] HgRuntime* handle() const noexcept { return handle_; }
    [[nodiscard]] const Bridge& from() const noexcept { return from_; }

    /// Whether it is of an older generation.
    [[nodiscard]] bool is_stale() const noexcept;

private:
    struct LogTarget;

    Runtime(
        const Bridge& from,
        HgRuntime* handle,
        std::unique_ptr<LogTarget> log,
        std::uint64_t generation
    );

    const Bridge& from_;
    HgRuntime* handle_;
    std::unique_ptr<LogTarget> log_;
    std::uint64_t generation_;
};

}  // namespace hourglass::core
