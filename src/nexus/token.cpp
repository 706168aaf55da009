#include "src/nexus/token.hpp"

#include "src/nexus/base64url.hpp"

#include <nlohmann/json.hpp>

namespace hourglass::nexus {
namespace {

constexpr int kOfWorkflow = 1;

}  // namespace

std::string to_text(const OperationToken& token) {
    const nlohmann::ordered_json fields{
        {"t", kOfWorkflow}, {"ns", token.workflow_namespace}, {"wid", token.workflow_id}
    };
    return to_base64url(fields.dump());
}

std::optional<OperationToken> parse_token(std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes) {
        return std::nullopt;
    }
    const auto fields = nlohmann::json::parse(*bytes, nullptr, /*allow_exceptions=*/false);
    if (!fields.is_object()) {
        return std::nullopt;
    }
    const auto text_at = [&fields](const char* key) {
        const auto found = fields.find(key);
        return found != fields.end() && found->is_string()
                   ? std::optional{found->get<std::string>()}
                   : std::nullopt;
    };
    const auto type = fields.find("t");
    const auto version = fields.find("v");
    const bool readable = version == fields.end() || version->is_null() ||
                          (version->is_number_integer() && *version == 0);
    const auto name = text_at("ns");
    const auto id = text_at("wid");
    if (type == fields.end() || !type->is_number_integer() || *type != kOfWorkflow || !readable ||
        !name || !id || id->empty()) {
        return std::nullopt;
    }
    return OperationToken{.workflow_namespace = *name, .workflow_id = *id};
}

}  // namespace hourglass::nexus
