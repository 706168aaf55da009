#include "hourglass/base/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <string>
#include <utility>

namespace hourglass::log {
namespace {

spdlog::level::level_enum spdlog_level(Level level) {
    switch (level) {
        case Level::Trace:
            return spdlog::level::trace;
        case Level::Debug:
            return spdlog::level::debug;
        case Level::Info:
            return spdlog::level::info;
        case Level::Warn:
            return spdlog::level::warn;
        case Level::Error:
            return spdlog::level::err;
        case Level::Off:
            return spdlog::level::off;
    }
    return spdlog::level::info;
}

class StderrSink final : public Sink {
public:
    StderrSink() : logger_{"hourglass", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()} {
        logger_.set_level(spdlog::level::trace);
        logger_.set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    }

    void write(const Record& record) noexcept override {
        std::string line = record.message;
        for (const auto& field : record.fields) {
            line.append(" ").append(field.name).append("=").append(field.value);
        }
        logger_.log(spdlog_level(record.level), "{}", line);
    }

private:
    spdlog::logger logger_;
};

Level level_from_environment() {
    const char* name = std::getenv("HOURGLASS_LOG");
    if (name == nullptr) {
        return Level::Info;
    }
    for (const auto level :
         {Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Off}) {
        if (to_text(level) == name) {
            return level;
        }
    }
    return Level::Info;
}

struct State {
    std::atomic<Level> level{level_from_environment()};
    std::mutex mutex;
    std::shared_ptr<Sink> sink = std::make_shared<StderrSink>();
};

// Never destroyed: threads of Core may log while the program's statics are torn down.
State& state() {
    static State& instance = *new State;
    return instance;
}

}  // namespace

void set_sink(std::shared_ptr<Sink> sink) {
    if (!sink) {
        sink = std::make_shared<StderrSink>();
    }
    const std::lock_guard lock{state().mutex};
    state().sink = std::move(sink);
}

void set_level(Level level) {
    state().level.store(level, std::memory_order_relaxed);
}

bool enabled(Level level) {
    return level >= state().level.load(std::memory_order_relaxed);
}

void write(Level level, std::string message, std::vector<Field> fields) {
    if (!enabled(level)) {
        return;
    }
    std::shared_ptr<Sink> sink;
    {
        const std::lock_guard lock{state().mutex};
        sink = state().sink;
    }
    sink->write({level, std::chrono::system_clock::now(), std::move(message), std::move(fields)});
}

std::string_view to_text(Level level) {
    switch (level) {
        case Level::Trace:
            return "trace";
        case Level::Debug:
            return "debug";
        case Level::Info:
            return "info";
        case Level::Warn:
            return "warn";
        case Level::Error:
            return "error";
        case Level::Off:
            return "off";
    }
    return "unknown";
}

}  // namespace hourglass::log
