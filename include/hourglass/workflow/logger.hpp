#pragma once

#include "hourglass/base/leveled_log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hourglass::workflow {

/// Writes to the program's log with the workflow's id, run and type; silent on replay, so that each
/// line comes once.
class Logger : public log::Leveled<Logger> {
public:
    void write(log::Level level, std::string message, std::vector<log::Field> fields = {}) const;

private:
    friend Logger logger();
    Logger() = default;
};

/// `workflow::logger().info("charged", {{"order", id}})`
/// @throws OutsideWorkflowError
[[nodiscard]] Logger logger();

}  // namespace hourglass::workflow
