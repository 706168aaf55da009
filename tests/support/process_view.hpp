#pragma once

#include "hourglass/hourglass.hpp"

#include <filesystem>
#include <iterator>
#include <map>
#include <string>
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

}  // namespace hourglass::test
