#pragma once

#include "hourglass/base/log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {

/// Writes to the program's log with the workflow's id, run and type; silent on replay, so that each
/// line comes once.
class Logger {
public:
    void write(log::Level level, std::string message, std::vector<log::Field> fields = {}) const;

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

private:
    friend Logger logger();
    Logger() = default;
};

/// `workflow::logger().info("charged", {{"order", id}})`
/// @throws OutsideWorkflowError
[[nodiscard]] Logger logger();

}  // namespace hourglass::workflow
