#pragma once

#include "src/cli/data_flags.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hourglass::cli {

/// What `hourglass codec-server` is asked to do.
struct CodecServerCommand {
    DataFlags data = {};
    std::string host = "127.0.0.1";
    /// 0: any that is free.
    std::uint16_t port = 8081;
    /// Whose pages may ask, as browsers write it: "http://localhost:8233", without a path.
    std::vector<std::string> origins = {};
    /// A file with the token that each request must bring; empty: HOURGLASS_CODEC_TOKEN, or none.
    std::string token_file = {};
};

/// Serves until the program is told to end (SIGINT, SIGTERM).
/// @throws ConfigurationError; Error if it cannot accept connections any more.
void serve_codecs(const CodecServerCommand& command, const DataOptions& otherwise);

}  // namespace hourglass::cli
