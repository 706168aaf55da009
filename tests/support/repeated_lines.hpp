#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace hourglass::test {

/// The lines that are there more than `allowed` times, each with how often; lines that differ in
/// their numbers only count as the same.
inline std::map<std::string, std::size_t> repeated_lines(
    const std::vector<std::string>& lines, std::size_t allowed
) {
    std::map<std::string, std::size_t> counts;
    for (std::string line : lines) {
        std::erase_if(line, [](unsigned char each) { return std::isdigit(each) != 0; });
        ++counts[line];
    }
    std::erase_if(counts, [allowed](const auto& line) { return line.second <= allowed; });
    return counts;
}

}  // namespace hourglass::test
