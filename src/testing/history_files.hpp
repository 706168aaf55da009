#pragma once

#include "hourglass/client/workflow_history.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace hourglass::testing {

/// The files that may hold histories: those given, and of each folder all `*.json` and `*.pb` in it
/// and below, sorted by name.
/// @throws ConfigurationError if there is no such file or folder, or no history in a folder.
[[nodiscard]] std::vector<std::filesystem::path> history_files(
    const std::vector<std::filesystem::path>& files_and_folders
);

/// Reads a history: JSON if it begins as such, else a serialized History.
/// @param workflow_id  where the history does not tell.
/// @throws ConfigurationError saying what is wrong with the content.
[[nodiscard]] WorkflowHistory parse_history(
    const std::string& content, const std::string& workflow_id
);

/// Reads the history in a file.
/// @throws ConfigurationError as parse_history, or if the file cannot be read.
[[nodiscard]] WorkflowHistory read_history(const std::filesystem::path& file);

}  // namespace hourglass::testing
