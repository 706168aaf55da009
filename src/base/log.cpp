#include "hourglass/base/log.hpp"

#include "hourglass/base/process_epoch.hpp"
#include "src/base/log_in_fork.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <mutex>
#include <string>
#include <thread>
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

// What would end the line, or colour a terminal.
bool is_control(char each) {
    return static_cast<unsigned char>(each) < ' ' || each == 0x7f;
}

char printable(char each) {
    return is_control(each) ? '?' : each;
}

// As logfmt has it: in quotes where it would not be one word.
void append_value(std::string& line, const std::string& value) {
    const auto is_plain = [](char each) {
        return !is_control(each) && each != ' ' && each != '"' && each != '=';
    };
    if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) {
        line += value;
        return;
    }
    line += '"';
    for (const char each : value) {
        switch (each) {
            case '\n':
                line += "\\n";
                break;
            case '\r':
                line += "\\r";
                break;
            case '\t':
                line += "\\t";
                break;
            case '"':
            case '\\':
                line.append("\\").append(1, each);
                break;
            default:
                line += printable(each);
        }
    }
    line += '"';
}

class StderrSink final : public Sink {
public:
    StderrSink() : logger_{"hourglass", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()} {
        logger_.set_level(spdlog::level::trace);
        logger_.set_pattern("%Y-%m-%d %H:%M:%S.%e %^%l%$ %v");
    }

    void write(const Record& record) noexcept override {
        logger_.log(spdlog_level(record.level), "{}", to_line(record));
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
    // There is no log yet to say it in.
    std::fprintf(
        stderr,
        "HOURGLASS_LOG is \"%s\"; it must be trace, debug, info, warn, error or off. It stays "
        "info\n",
        name
    );
    return Level::Info;
}

struct State {
    std::atomic<Level> level{level_from_environment()};
    std::mutex mutex;
    std::shared_ptr<Sink> sink = std::make_shared<StderrSink>();
    std::atomic<int> writing{0};  // sinks that write, counted up under the lock
};

// A sink that blocks, or that forks, must not keep the fork waiting for ever.
constexpr std::chrono::seconds kLongestWrite{1};
constexpr std::chrono::microseconds kLookAgain{50};

// Never destroyed: threads of Core may log while the program's statics are torn down.
State& state() {
    static State& instance = *new State;
    return instance;
}

}  // namespace

std::string to_line(const Record& record) {
    std::string line;
    for (const char each : record.message) {
        each == '\n' ? line.append("\n    ") : line.append(1, printable(each));
    }
    for (const auto& field : record.fields) {
        line += ' ';
        std::transform(field.name.begin(), field.name.end(), std::back_inserter(line), printable);
        line += '=';
        append_value(line, field.value);
    }
    return line;
}

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
    const Record record{
        level, std::chrono::system_clock::now(), std::move(message), std::move(fields)
    };
    std::shared_ptr<Sink> sink;
    {
        const std::lock_guard lock{state().mutex};
        sink = state().sink;
        ++state().writing;
    }
    const std::uint64_t epoch = detail::process_epoch();
    sink->write(record);
    if (epoch == detail::process_epoch()) {
        --state().writing;
    }
}

void hold_for_fork() {
    state().mutex.lock();
    const auto give_up = std::chrono::steady_clock::now() + kLongestWrite;
    while (state().writing != 0 && std::chrono::steady_clock::now() < give_up) {
        std::this_thread::sleep_for(kLookAgain);
    }
}

void release_after_fork() {
    state().mutex.unlock();
}

void release_in_child() {
    state().writing = 0;
    state().mutex.unlock();
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
