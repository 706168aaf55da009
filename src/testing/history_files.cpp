#include "src/testing/history_files.hpp"

#include "hourglass/base/error.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace hourglass::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
        const auto ending = entry.path().extension();
        if (entry.is_regular_file() && (ending == ".json" || ending == ".pb")) {
            files.push_back(entry.path());
        }
    }
    if (files.empty()) {
        throw ConfigurationError{
            "no history in the folder " + folder.string() + ": expected files *.json or *.pb"
        };
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::string content_of(const fs::path& file) {
    std::ifstream stream{file, std::ios::binary};
    std::string content{std::istreambuf_iterator<char>{stream}, {}};
    if (!stream || stream.bad()) {
        throw ConfigurationError{"cannot read the file " + file.string()};
    }
    return content;
}

/// A serialized History begins with the tag of its events, a line feed, and their length: it cannot
/// pass for JSON.
bool is_json(std::string_view content) {
    const auto begin = content.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) {
        return false;
    }
    const bool opens = content[begin] == '{' || content[begin] == '[';
    const bool text = std::none_of(content.begin(), content.end(), [](unsigned char c) {
        return c < ' ' && c != '\t' && c != '\r' && c != '\n';
    });
    return opens && text;
}

WorkflowHistory parse(std::string content, std::string workflow_id) {
    return is_json(content) ? WorkflowHistory::from_json(content, std::move(workflow_id))
                            : WorkflowHistory{std::move(workflow_id), std::move(content)};
}

}  // namespace

std::vector<fs::path> history_files(const std::vector<fs::path>& files_and_folders) {
    std::vector<fs::path> files;
    for (const auto& path : files_and_folders) {
        if (fs::is_directory(path)) {
            const auto found = files_below(path);
            files.insert(files.end(), found.begin(), found.end());
        } else if (fs::exists(path)) {
            files.push_back(path);
        } else {
            throw ConfigurationError{"there is no file or folder " + path.string()};
        }
    }
    return files;
}

WorkflowHistory parse_history(const std::string& content, const std::string& workflow_id) {
    WorkflowHistory history = parse(content, {});
    return history.workflow_id().empty() ? parse(content, workflow_id) : history;
}

WorkflowHistory read_history(const fs::path& file) {
    return parse_history(content_of(file), file.stem().string());
}

}  // namespace hourglass::testing
