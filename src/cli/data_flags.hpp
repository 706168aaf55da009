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

/// The whole content of a file with a key or a token.
/// @param what  for the error: "the key file".
/// @throws ConfigurationError naming the file if it cannot be read, or is far too large.
[[nodiscard]] std::string read_secret(const std::string& what, const std::string& path);

/// The flags' options; `otherwise` if there are no flags.
/// @throws ConfigurationError if a key cannot be read, or two have the same id.
[[nodiscard]] DataOptions data_options(const DataFlags& flags, const DataOptions& otherwise);

}  // namespace hourglass::cli
