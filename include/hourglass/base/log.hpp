#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hourglass::log {

enum class Level : std::uint8_t { Trace, Debug, Info, Warn, Error, Off };

/// One named value of a log line; the value is text already.
struct Field {
    std::string name;
    std::string value;
};

struct Record {
    Level level = Level::Info;
    std::chrono::system_clock::time_point time;
    std::string message;
    std::vector<Field> fields;
};

/// Where log lines go. Implementations are called from any thread, several at a time, and must not
/// throw.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void write(const Record& record) noexcept = 0;
};

/// Replaces the process's sink; null brings the default back (one line a record on stderr).
/// @threads any.
void set_sink(std::shared_ptr<Sink> sink);

/// Drops records below `level`; the default is Info, or what the environment variable HOURGLASS_LOG
/// names (trace, debug, info, warn, error, off).
/// @threads any.
void set_level(Level level);
[[nodiscard]] bool enabled(Level level);

/// Writes one record to the sink if `level` is enabled.
/// @threads any.
void write(Level level, std::string message, std::vector<Field> fields = {});

inline void debug(std::string message, std::vector<Field> fields = {}) {
    write(Level::Debug, std::move(message), std::move(fields));
}
inline void info(std::string message, std::vector<Field> fields = {}) {
    write(Level::Info, std::move(message), std::move(fields));
}
inline void warn(std::string message, std::vector<Field> fields = {}) {
    write(Level::Warn, std::move(message), std::move(fields));
}
inline void error(std::string message, std::vector<Field> fields = {}) {
    write(Level::Error, std::move(message), std::move(fields));
}

[[nodiscard]] std::string_view to_text(Level level);

/// The record as the log on stderr has it behind its time and level: the message, whose lines after
/// the first are indented, and `name=value` for each field. A value that is no single word is in
/// double quotes, with `\"`, `\\`, `\n`, `\r` and `\t` in it, as logfmt has them.
[[nodiscard]] std::string to_line(const Record& record);

}  // namespace hourglass::log
