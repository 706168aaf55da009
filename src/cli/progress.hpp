#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace hourglass::cli {

/// How far a replay is.
struct Replayed {
    std::size_t done = 0;
    std::size_t failed = 0;
    /// How many there will be, if that is known; of a server it is an estimate.
    std::optional<std::size_t> total = {};
};

/// `[########                ] 8/24 histories replayed, 1 failed`; without the bar where there is
/// no total, or no room for it in `columns`.
[[nodiscard]] std::string progress_line(const Replayed& replayed, std::size_t columns);

/// That line on the terminal that is the standard error, for those who watch. It is wiped off at
/// the end.
/// @threads one at a time.
class Progress {
public:
    /// @param shown  without it nothing is written.
    Progress(bool shown, std::optional<std::size_t> total);
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    void add(bool ok);

private:
    void show() const;

    const bool shown_;
    Replayed replayed_;
};

}  // namespace hourglass::cli
