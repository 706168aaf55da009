#pragma once

#include "hourglass/codec/external_storage.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace hourglass {

/// Stores payloads as files below a folder that all clients and workers see, each under the hash of
/// its content (SHA-256), which is checked when it is read. Files are written beside their places
/// and moved there, so that nobody sees half of one. Link hourglass::codecs.
/// @param folder  made if it is missing.
/// @throws ConfigurationError if the folder cannot be made.
[[nodiscard]] std::shared_ptr<const StorageDriver> file_storage(
    std::filesystem::path folder, std::string name = "hourglass.file"
);

}  // namespace hourglass
