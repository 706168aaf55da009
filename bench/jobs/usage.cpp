#include "usage.hpp"

#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace bench {
namespace {

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Usage usage_now() {
    rusage used{};
    if (::getrusage(RUSAGE_SELF, &used) != 0) {
        throw std::runtime_error{"getrusage failed"};
    }
    std::int64_t size = 0;
    std::int64_t resident = 0;
    std::ifstream{"/proc/self/statm"} >> size >> resident;
    return {
        .at = std::chrono::system_clock::now(),
        .cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime),
        .resident = resident * ::sysconf(_SC_PAGESIZE)
    };
}

Usage usage_at_start() {
    // The 22nd field, in clock ticks since the machine began; the 2nd may hold spaces, and ends
    // with the last bracket.
    std::string stat;
    std::getline(std::ifstream{"/proc/self/stat"}, stat);
    std::string field;
    std::ifstream uptime_file{"/proc/uptime"};
    double uptime = 0;
    uptime_file >> uptime;
    stat.erase(0, stat.rfind(')') + 2);
    std::size_t at = 0;
    for (int skipped = 3; skipped < 22; ++skipped) {
        at = stat.find(' ', at) + 1;
    }
    const double began = std::stod(stat.substr(at)) / static_cast<double>(::sysconf(_SC_CLK_TCK));
    const std::chrono::duration<double> age{uptime - began};
    return {
        .at = std::chrono::system_clock::now() -
              std::chrono::duration_cast<std::chrono::system_clock::duration>(age)
    };
}

nlohmann::json spent_since(const Usage& before) {
    const Usage now = usage_now();
    return {
        {"at", std::chrono::duration<double>{now.at.time_since_epoch()}.count()},
        {"wall_s", std::chrono::duration<double>{now.at - before.at}.count()},
        {"cpu_s", now.cpu_seconds - before.cpu_seconds},
        {"resident", now.resident}
    };
}

}  // namespace bench
