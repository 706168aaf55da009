#pragma once

#include "hourglass/codec/data_options.hpp"

#include <string>
#include <vector>

namespace hourglass::cli {

/// Codecs and storage as the command line names them.
struct DataFlags {
    bool zlib = false;
    /// ID=FILE each: a key of 32 bytes, as it is or in base64 or hexadecimal; the first one
    /// encrypts.
    std::vector<std::string> aes_keys = {};
    std::string storage_folder = {};
};

/// The flags' options; `otherwise` if there are no flags.
/// @throws ConfigurationError if a key cannot be read.
[[nodiscard]] DataOptions data_options(const DataFlags& flags, const DataOptions& otherwise);

}  // namespace hourglass::cli
