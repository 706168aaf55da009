#pragma once

#include "hourglass/base/leveled_log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hourglass::activity {

/// Writes to the process's log and adds to each line which attempt it comes from.
/// @threads any; a copy may outlive the attempt.
class Logger : public log::Leveled<Logger> {
public:
    explicit Logger(std::vector<log::Field> fields) : fields_{std::move(fields)} {}

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
