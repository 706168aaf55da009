#pragma once

#include "hourglass/base/log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hourglass::activity {

/// Writes to the process's log and adds to each line which attempt it comes from.
/// @threads any; a copy may outlive the attempt.
class Logger {
public:
    explicit Logger(std::vector<log::Field> fields) : fields_{std::move(fields)} {}

    void debug(std::string message, std::vector<log::Field> fields = {}) const {
        write(log::Level::Debug, std::move(message), std::move(fields));
    }
    void info(std::string message, std::vector<log::Field> fields = {}) const {
        write(log::Level::Info, std::move(message), std::move(fields));
    }
    void warn(std::string message, std::vector<log::Field> fields = {}) const {
        write(log::Level::Warn, std::move(message), std::move(fields));
    }
    void error(std::string message, std::vector<log::Field> fields = {}) const {
        write(log::Level::Error, std::move(message), std::move(fields));
    }

    void write(log::Level level, std::string message, std::vector<log::Field> fields = {}) const {
        if (!log::enabled(level)) {
            return;
        }
        fields.insert(fields.end(), fields_.begin(), fields_.end());
        log::write(level, std::move(message), std::move(fields));
    }

private:
    std::vector<log::Field> fields_;
};

}  // namespace hourglass::activity
