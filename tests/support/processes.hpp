#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/types.h>

/// What /proc says about processes.
namespace hourglass::test {

/// Zombies included.
inline std::set<pid_t> children_of(pid_t pid) {
    const std::string number = std::to_string(pid);
    std::ifstream list{"/proc/" + number + "/task/" + number + "/children"};
    std::set<pid_t> children;
    for (pid_t child = 0; list >> child;) {
        children.insert(child);
    }
    return children;
}

inline std::size_t open_descriptors(pid_t pid) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator{"/proc/" + std::to_string(pid) + "/fd"}) {
        ++count;
    }
    return count;
}

/// A zombie does not run.
inline bool runs(pid_t pid) {
    std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
    std::string word;
    while (status >> word) {
        if (word == "State:") {
            status >> word;
            return word != "Z" && word != "X";
        }
    }
    return false;
}

}  // namespace hourglass::test
