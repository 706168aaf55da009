#pragma once

#include "hourglass/hourglass.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

/// What can be seen of an application, and of its process, from outside.
namespace hourglass::test {

inline void collect_pids(
    const std::vector<supervision::ChildReport>& children,
    const std::string& id,
    std::vector<supervision::Pid>& found
) {
    for (const auto& child : children) {
        if (child.id == id && child.pid) {
            found.push_back(child.pid);
        }
        collect_pids(child.children, id, found);
    }
}

/// The processes of that id, anywhere in the tree.
inline std::vector<supervision::Pid> pids_of(const Application& app, const std::string& id) {
    std::vector<supervision::Pid> found;
    collect_pids(app.tree().children, id, found);
    return found;
}

inline void collect_nodes(
    const std::vector<supervision::ChildReport>& children,
    const std::string& above,
    std::map<std::string, std::string>& found
) {
    for (const auto& child : children) {
        const std::string name = above + "/" + child.id;
        found[name] = child.pid.text() + ", restarts: " + std::to_string(child.restarts);
        if (child.strategy != "tasks") {
            collect_nodes(child.children, name, found);
        }
    }
}

/// The nodes of the tree that are not there for one task only, each with its pid and its restarts:
/// the same answer twice says that none of them ended meanwhile.
inline std::map<std::string, std::string> lasting_nodes(const Application& app) {
    std::map<std::string, std::string> found;
    collect_nodes(app.tree().children, "", found);
    return found;
}

/// How many entries a folder has, such as /proc/self/task.
inline long entries(const char* folder) {
    return std::distance(
        std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{}
    );
}

/// How many established connections to "HOST:PORT" this process has.
inline long connections_to(const std::string& address) {
    std::string port(8, '\0');
    const int number = std::stoi(address.substr(address.rfind(':') + 1));
    port.resize(static_cast<std::size_t>(std::snprintf(port.data(), port.size(), ":%04X", number)));
    std::vector<std::string> mine;
    for (const auto& file : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;  // a file may be closed meanwhile
        const auto target = std::filesystem::read_symlink(file.path(), gone).string();
        if (target.starts_with("socket:[")) {
            mine.push_back(target.substr(8, target.size() - 9));
        }
    }
    long count = 0;
    std::ifstream table{"/proc/self/net/tcp"};
    std::string line;
    while (std::getline(table, line)) {
        std::istringstream fields{line};
        std::vector<std::string> field{
            std::istream_iterator<std::string>{fields}, std::istream_iterator<std::string>{}
        };
        // sl local remote state ... inode is the tenth; state 01 is established
        if (field.size() > 9 && field[2].ends_with(port) && field[3] == "01" &&
            std::ranges::find(mine, field[9]) != mine.end()) {
            ++count;
        }
    }
    return count;
}

}  // namespace hourglass::test
