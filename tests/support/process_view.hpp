#pragma once

#include "hourglass/hourglass.hpp"

#include <filesystem>
#include <iterator>
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

/// How many entries a folder has, such as /proc/self/task.
inline long entries(const char* folder) {
    return std::distance(
        std::filesystem::directory_iterator{folder}, std::filesystem::directory_iterator{}
    );
}

}  // namespace hourglass::test
