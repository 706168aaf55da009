#pragma once

#include "hourglass/base/log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hourglass::log {

/// A function for each level, over the `write(level, message, fields) const` of a logger that
/// derives from it.
template <class Logger>
class Leveled {
public:
    void debug(std::string message, std::vector<Field> fields = {}) const {
        self().write(Level::Debug, std::move(message), std::move(fields));
    }
    void info(std::string message, std::vector<Field> fields = {}) const {
        self().write(Level::Info, std::move(message), std::move(fields));
    }
    void warn(std::string message, std::vector<Field> fields = {}) const {
        self().write(Level::Warn, std::move(message), std::move(fields));
    }
    void error(std::string message, std::vector<Field> fields = {}) const {
        self().write(Level::Error, std::move(message), std::move(fields));
    }

private:
    friend Logger;
    Leveled() = default;

    [[nodiscard]] const Logger& self() const { return static_cast<const Logger&>(*this); }
};

}  // namespace hourglass::log
