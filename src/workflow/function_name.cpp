#include "src/workflow/function_name.hpp"

#include <cstddef>

namespace hourglass::workflow {
namespace {

constexpr std::string_view kOperator = "operator()";

bool opens(char c) {
    return c == '(' || c == '<' || c == '[';
}
bool closes(char c) {
    return c == ')' || c == '>' || c == ']';
}

/// Without " const", " [with T = int]" and the like, which stand behind the parameters.
std::string_view without_suffix(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (depth == 0 && i > 0 && text.substr(i - 1, 2) == " [") {
            text = text.substr(0, i - 1);
            break;
        }
        depth += opens(text[i]) ? 1 : closes(text[i]) ? -1 : 0;
    }
    const auto behind = text.rfind(") ");
    return behind == std::string_view::npos ? text : text.substr(0, behind + 1);
}

/// Without the last pair of parentheses.
std::string_view without_parameters(std::string_view text) {
    if (text.empty() || text.back() != ')') {
        return text;
    }
    int depth = 0;
    for (std::size_t i = text.size(); i-- > 0;) {
        depth += text[i] == ')' ? 1 : text[i] == '(' ? -1 : 0;
        if (depth == 0) {
            return text.substr(0, i);
        }
    }
    return text;
}

/// Without the type that stands before the name.
std::string_view without_result(std::string_view text) {
    int depth = 0;
    const std::size_t end =
        text.ends_with(kOperator) ? text.size() - kOperator.size() : text.size();
    for (std::size_t i = end; i-- > 0;) {
        depth += closes(text[i]) ? 1 : opens(text[i]) ? -1 : 0;
        if (depth == 0 && text[i] == ' ') {
            return text.substr(i + 1);
        }
    }
    return text;
}

}  // namespace

std::string function_name(std::string_view spelled) {
    return std::string{without_result(without_parameters(without_suffix(spelled)))};
}

}  // namespace hourglass::workflow
