#include "src/cli/progress.hpp"

#include <algorithm>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace hourglass::cli {
namespace {

constexpr std::size_t kBar = 24;
constexpr const char* kWipe = "\r\033[K";

std::size_t columns_of_terminal() {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : 80;
}

}  // namespace

std::string progress_line(const Replayed& replayed, std::size_t columns) {
    const std::string counts =
        " histories replayed, " + std::to_string(replayed.failed) + " failed";
    if (!replayed.total) {
        return std::to_string(replayed.done) + counts;
    }
    // An estimate may be too low.
    const std::size_t total = std::max(*replayed.total, replayed.done);
    const std::string text = std::to_string(replayed.done) + "/" + std::to_string(total) + counts;
    // A line that fills the last column may wrap, and is not wiped off then.
    if (text.size() + kBar + 3 >= columns) {
        return text;
    }
    const std::size_t filled = total == 0 ? kBar : kBar * replayed.done / total;
    return "[" + std::string(filled, '#') + std::string(kBar - filled, ' ') + "] " + text;
}

Progress::Progress(bool shown, std::optional<std::size_t> total)
    : shown_{shown}, replayed_{.total = total} {
    show();
}

Progress::~Progress() {
    if (shown_) {
        std::cerr << kWipe << std::flush;
    }
}

void Progress::add(bool ok) {
    ++replayed_.done;
    replayed_.failed += ok ? 0 : 1;
    show();
}

void Progress::show() const {
    if (shown_) {
        std::cerr << kWipe << progress_line(replayed_, columns_of_terminal()) << std::flush;
    }
}

}  // namespace hourglass::cli
