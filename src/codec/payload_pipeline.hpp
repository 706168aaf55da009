#pragma once

#include "hourglass/codec/data_options.hpp"
#include "src/codec/payload_visitor.hpp"

#include <google/protobuf/message.h>

#include <cstdint>
#include <memory>
#include <vector>

namespace hourglass::codec {

/// Who sends a message or gets it: headers may depend on it.
enum class Party : std::uint8_t { Client, Workflow, Activity, Nexus };

/// What DataOptions ask for, done to whole messages: failures are hidden, then the codecs encode,
/// then large payloads are stored outside; and the other way round.
/// @threads any; it blocks as long as the codecs and drivers do.
class PayloadPipeline {
public:
    /// @throws ConfigurationError naming the option that is not usable.
    explicit PayloadPipeline(DataOptions options);

    /// Null if the options leave payloads as they are.
    /// @throws as the constructor.
    [[nodiscard]] static std::shared_ptr<const PayloadPipeline> make(const DataOptions& options);

    /// A part of what is to be coded, with what is known of whose it is.
    struct Part {
        google::protobuf::Message* message;
        PayloadContext context;
    };

    /// Changes the payloads of all parts.
    /// @throws PayloadCodecError; the messages are no good then.
    void encode(const std::vector<Part>& parts, Party party) const;
    void decode(const std::vector<Part>& parts, Party party) const;

    /// The same for lists of payloads.
    [[nodiscard]] Payloads encode(Payloads payloads, const PayloadContext& context) const;
    [[nodiscard]] Payloads decode(Payloads payloads, const PayloadContext& context) const;

private:
    [[nodiscard]] bool with_headers(Party party) const;

    const DataOptions options_;
};

/// Moves message and stack trace into encoded attributes, unless there are some.
void hide_failure(temporal::api::failure::v1::Failure& failure);

}  // namespace hourglass::codec
