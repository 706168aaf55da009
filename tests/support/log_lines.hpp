#pragma once

#include "hourglass/base/log.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hourglass::test {

/// Keeps the log of the process while it lives: one line a record, "message name=value …".
class LogLines {
public:
    LogLines() { log::set_sink(kept_); }
    ~LogLines() { log::set_sink(nullptr); }
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;

    /// How many lines hold `text`.
    [[nodiscard]] std::size_t count(const std::string& text) const {
        std::size_t found = 0;
        for (const std::string& line : at_least(log::Level::Trace)) {
            found += line.find(text) != std::string::npos ? 1 : 0;
        }
        return found;
    }

    /// Where the lines are, of all, that hold each of `texts`.
    [[nodiscard]] std::vector<std::size_t> positions_of(const std::vector<std::string>& texts
    ) const {
        const std::vector<std::string> all = at_least(log::Level::Trace);
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (std::ranges::all_of(texts, [&](const std::string& text) {
                    return all[i].find(text) != std::string::npos;
                })) {
                found.push_back(i);
            }
        }
        return found;
    }

    /// The lines of that level and above, in their order.
    [[nodiscard]] std::vector<std::string> at_least(log::Level level) const {
        const std::lock_guard lock{kept_->mutex};
        std::vector<std::string> found;
        for (const auto& [its, line] : kept_->lines) {
            if (its >= level) {
                found.push_back(line);
            }
        }
        return found;
    }

private:
    struct Kept final : log::Sink {
        void write(const log::Record& record) noexcept override {
            std::string line = record.message;
            for (const auto& field : record.fields) {
                line.append(" ").append(field.name).append("=").append(field.value);
            }
            const std::lock_guard lock{mutex};
            lines.emplace_back(record.level, std::move(line));
        }
        std::mutex mutex;
        std::vector<std::pair<log::Level, std::string>> lines;
    };

    std::shared_ptr<Kept> kept_ = std::make_shared<Kept>();
};

}  // namespace hourglass::test
