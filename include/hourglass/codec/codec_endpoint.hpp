#pragma once

#include "hourglass/codec/data_options.hpp"

#include <memory>
#include <string>

namespace hourglass {

/// What a codec server answers: user interfaces, which have no keys, send it payloads to encode or
/// decode. `hourglass codec-server` puts it behind HTTP; a server of one's own may as well.
/// @threads any.
class CodecEndpoint {
public:
    /// @throws ConfigurationError naming the option that is not usable.
    explicit CodecEndpoint(const DataOptions& data);
    ~CodecEndpoint();
    CodecEndpoint(const CodecEndpoint&) = delete;
    CodecEndpoint& operator=(const CodecEndpoint&) = delete;

    /// The body of a request `/encode`, `{"payloads": […]}`, to that of its response.
    /// @param workflow_namespace  of the header X-Namespace; empty if there is none. More is not
    /// known of whose the payloads are.
    /// @throws ConversionError if the body is none; PayloadCodecError.
    [[nodiscard]] std::string encode(const std::string& body, const std::string& workflow_namespace)
        const;
    /// The same for `/decode`.
    [[nodiscard]] std::string decode(const std::string& body, const std::string& workflow_namespace)
        const;

private:
    struct Impl;
    const std::unique_ptr<const Impl> impl_;
};

}  // namespace hourglass
