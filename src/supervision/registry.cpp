#include "hourglass/supervision/registry.hpp"

#include <algorithm>

namespace hourglass::supervision {

bool Registry::add(std::string name, const Pid& process) {
    if (!process.alive() || find(name)) {
        return false;
    }
    remove(name);  // of a process that has ended: the news of it is still on its way
    const MonitorRef watch = monitor(process);
    monitors_.emplace(watch, name);
    names_.emplace(std::move(name), Entry{process, watch});
    return true;
}

bool Registry::remove(const std::string& name) {
    const auto found = names_.find(name);
    if (found == names_.end()) {
        return false;
    }
    demonitor(found->second.monitor);
    monitors_.erase(found->second.monitor);
    names_.erase(found);
    return true;
}

Pid Registry::find(const std::string& name) const {
    const auto found = names_.find(name);
    return found == names_.end() || !found->second.process.alive() ? Pid{} : found->second.process;
}

std::vector<std::pair<std::string, Pid>> Registry::entries() const {
    std::vector<std::pair<std::string, Pid>> list;
    list.reserve(names_.size());
    for (const auto& [name, entry] : names_) {
        if (entry.process.alive()) {
            list.emplace_back(name, entry.process);
        }
    }
    std::ranges::sort(list, {}, &std::pair<std::string, Pid>::first);
    return list;
}

void Registry::handle_down(
    MonitorRef watch, const Pid& /*process*/, const ExitReason& /*reason*/
) {
    if (const auto found = monitors_.find(watch); found != monitors_.end()) {
        names_.erase(found->second);
        monitors_.erase(found);
    }
}

}  // namespace hourglass::supervision
