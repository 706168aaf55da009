#pragma once

#include "hourglass/supervision/process.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hourglass::supervision {

/// Names for processes. A name is free as soon as its process has ended; all go when the registry
/// ends.
class Registry : public Process {
public:
    /// @returns false if `name` is taken, even by the same process, or `process` has ended.
    bool add(std::string name, const Pid& process);
    /// @returns false if there was no such name.
    bool remove(const std::string& name);
    /// @returns nobody's Pid if there is no such name.
    [[nodiscard]] Pid find(const std::string& name) const;
    /// All names, sorted.
    [[nodiscard]] std::vector<std::pair<std::string, Pid>> entries() const;

protected:
    void handle_down(MonitorRef monitor, const Pid& process, const ExitReason& reason) override;

private:
    struct Entry {
        Pid process;
        MonitorRef monitor;
    };
    std::unordered_map<std::string, Entry> names_;
    std::unordered_map<MonitorRef, std::string> monitors_;
};

}  // namespace hourglass::supervision
