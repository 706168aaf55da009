#include "src/core/runtime.hpp"

#include "src/core/generation.hpp"
#include "src/core/trampoline.hpp"

#include <nlohmann/json.hpp>

#include <exception>
#include <utility>

namespace hourglass::core {

struct Runtime::LogTarget {
    LogCallback callback;
};

namespace {

log::Level level_of(HgLogLevel level) {
    switch (level) {
        case HG_LOG_LEVEL_TRACE:
            return log::Level::Trace;
        case HG_LOG_LEVEL_DEBUG:
            return log::Level::Debug;
        case HG_LOG_LEVEL_INFO:
            return log::Level::Info;
        case HG_LOG_LEVEL_WARN:
            return log::Level::Warn;
        case HG_LOG_LEVEL_ERROR:
            break;
    }
    return log::Level::Error;
}

log::Record record_of(const HgLogRecord& from) {
    log::Record record;
    record.level = level_of(from.level);
    record.time =
        std::chrono::system_clock::time_point{std::chrono::milliseconds{from.timestamp_ms}};
    record.message = view_of(from.message);
    record.fields.push_back({"target", std::string{view_of(from.target)}});
    const auto fields = nlohmann::json::parse(view_of(from.fields_json), nullptr, false);
    if (fields.is_object()) {
        for (const auto& [name, value] : fields.items()) {
            record.fields.push_back(
                {name, value.is_string() ? value.get<std::string>() : value.dump()}
            );
        }
    }
    return record;
}

void log_to(void* user_data, const HgLogRecord* record) noexcept {
    try {
        (*static_cast<LogCallback*>(user_data))(record_of(*record));
    } catch (...) {  // a line that cannot be logged cannot be reported either
        return;
    }
}

extern "C" void hg_cpp_log(void* user_data, const HgLogRecord* record) noexcept {
    log_to(user_data, record);
}

}  // namespace

Result<std::shared_ptr<Runtime>, CallError> Runtime::create(RuntimeOptions options) {
    const Bridge& from = bridge();
    std::unique_ptr<LogTarget> target;
    HgRuntimeOptions raw = from.runtime_options_default();
    raw.threads = options.threads;
    raw.driven = options.driven;
    raw.log_filter = borrow(options.log_filter);
    if (options.on_log) {
        target = std::make_unique<LogTarget>(LogTarget{options.on_log});
        raw.log_callback = &hg_cpp_log;
        raw.log_user_data = &target->callback;
    }
    if (options.metrics && &options.metrics->from() != &from) {
        return failure(of_another_build("metrics"));
    }
    raw.metrics = options.metrics ? options.metrics->handle() : nullptr;
    raw.worker_heartbeat_interval_ms =
        options.worker_heartbeat_interval
            ? static_cast<std::uint64_t>(options.worker_heartbeat_interval->count())
            : 0;
    const std::uint64_t generation = from.current_generation();
    HgRuntime* handle = nullptr;
    if (auto made = adopt_void(from.runtime_new(&raw, &handle), from); !made) {
        return failure(std::move(made.error()));
    }
    std::shared_ptr<Runtime> runtime{new Runtime{from, handle, std::move(target), generation}};
    if (&from != &bridge()) {
        // Another build was loaded meanwhile, and may not have seen this one to end it.
        runtime.reset();
        return create(std::move(options));
    }
    return runtime;
}

Runtime::Runtime(
    const Bridge& from, HgRuntime* handle, std::unique_ptr<LogTarget> log, std::uint64_t generation
)
    : from_{from}, handle_{handle}, log_{std::move(log)}, generation_{generation} {}

Runtime::~Runtime() {
    from_.runtime_free(handle_);
    if (generation_ != generation::current()) {
        // Leaked: threads of the older generation may still be on their way out, and log.
        static_cast<void>(log_.release());  // NOLINT(bugprone-unused-return-value)
    }
}

VoidResult Runtime::drive(std::chrono::milliseconds limit) {
    return adopt_void(
        from_.runtime_drive(handle_, static_cast<std::uint64_t>(limit.count())), from_
    );
}

bool Runtime::is_stale() const noexcept {
    return generation_ != generation::current();
}

}  // namespace hourglass::core
