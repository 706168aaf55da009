#include "src/convert/type_text.hpp"

#include "hourglass/convert/conversion_error.hpp"

#include <cxxabi.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace hourglass {
namespace {

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

// Takes off `marker…>` with its matching bracket: an argument of a template that nobody wrote.
void remove_argument(std::string& text, std::string_view marker) {
    for (auto at = text.find(marker); at != std::string::npos; at = text.find(marker, at)) {
        std::size_t end = at + marker.size();
        for (int depth = 1; depth > 0 && end < text.size(); ++end) {
            depth += text[end] == '<' ? 1 : text[end] == '>' ? -1 : 0;
        }
        text.erase(at, end - at);
    }
}

}  // namespace

namespace detail {

std::string readable_type(std::string_view spelled) {
    std::string text{spelled};
    for (const auto* const inserted :
         {"__cxx11::",
          "__1::",
          "(anonymous namespace)::",
          "{anonymous}::",
          "<unnamed>::",
          "json_abi_v3_11_2::"}) {
        replace_all(text, inserted, "");
    }
    replace_all(text, " >", ">");
    for (const auto* const implied :
         {", std::char_traits<",
          ", std::allocator<",
          ", std::less<",
          ", std::hash<",
          ", std::equal_to<"}) {
        remove_argument(text, implied);
    }
    replace_all(text, "std::basic_string<char>", "std::string");
    replace_all(text, "std::basic_string_view<char>", "std::string_view");
    if (text.starts_with("nlohmann::basic_json<")) {
        return "nlohmann::json";
    }
    replace_all(text, "nlohmann::basic_json<>", "nlohmann::json");
    return text;
}

}  // namespace detail

namespace convert {

std::string type_text(const std::type_info& type) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> demangled{
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free
    };
    std::string text = detail::readable_type(status == 0 ? demangled.get() : type.name());
    for (const std::string_view wrapper : {"std::_Nested_exception<", "std::__nested<"}) {
        if (text.starts_with(wrapper) && text.ends_with('>')) {
            text = text.substr(wrapper.size(), text.size() - wrapper.size() - 1);
        }
    }
    return text;
}

std::string current_exception_type() {
    const std::type_info* const type = abi::__cxa_current_exception_type();
    return type == nullptr ? "unknown" : type_text(*type);
}

}  // namespace convert
}  // namespace hourglass
