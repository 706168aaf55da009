#include "usage.hpp"

#include <fstream>
#include <iterator>
#include <sstream>
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

std::int64_t Stat::field(std::size_t number) const {
    return std::stoll(fields.at(number - 3));
}

Stat read_stat(const std::filesystem::path& file) {
    std::string line;
    std::getline(std::ifstream{file}, line);
    const auto begin = line.find('(');
    const auto end = line.rfind(')');  // the name may hold brackets and spaces
    if (begin == std::string::npos || end == std::string::npos) {
        return {};
    }
    std::istringstream rest{line.substr(end + 1)};
    return {
        .name = line.substr(begin + 1, end - begin - 1),
        .fields = {std::istream_iterator<std::string>{rest}, {}}
    };
}

double seconds_of_ticks(std::int64_t ticks) {
    return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

Usage usage_at_start() {
    constexpr std::size_t kBegan = 22;  // since the machine did
    const double began = seconds_of_ticks(read_stat("/proc/self/stat").field(kBegan));
    double uptime = 0;
    std::ifstream{"/proc/uptime"} >> uptime;
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
