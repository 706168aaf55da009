#include "src/cli/library.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/workflow/catalog.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>

namespace hourglass::cli {
namespace {

/// A library that was linked with hourglass::hourglass has Temporal's protobuf classes inside. The
/// command has them too, and protobuf ends a program that gets them twice; and the workflows would
/// be defined in the library's own catalog.
bool has_its_own_hourglass(const std::filesystem::path& file) {
    constexpr std::string_view kNameOfAProto = "temporal/api/enums/v1/common.proto";
    std::ifstream stream{file, std::ios::binary};
    const std::string content{std::istreambuf_iterator<char>{stream}, {}};
    const std::boyer_moore_searcher searcher{kNameOfAProto.begin(), kNameOfAProto.end()};
    return std::search(content.begin(), content.end(), searcher) != content.end();
}

/// How many workflows the process has.
std::size_t workflows() {
    const auto& catalog = workflow::Catalog::process();
    const bool dynamic = catalog.find("") != nullptr;  // no other one has that name
    return catalog.names().size() + (dynamic ? 1U : 0U);
}

}  // namespace

void load_library(const std::filesystem::path& file) {
    // With a slash in it, so that the loader takes this file and no other of its name.
    const std::string path = std::filesystem::absolute(file).string();
    std::error_code other_error;  // the loader tells of it
    if (std::filesystem::status(file, other_error).type() ==
        std::filesystem::file_type::not_found) {
        throw ConfigurationError{"cannot load " + path + ": there is no such file"};
    }
    if (std::filesystem::is_directory(file, other_error)) {
        throw ConfigurationError{"cannot load " + path + ": it is a folder"};
    }
    if (has_its_own_hourglass(file)) {
        throw ConfigurationError{
            path +
            " has a Hourglass of its own inside, where nobody else sees its workflows. Link it "
            "with "
            "hourglass::headers instead of hourglass::hourglass: it finds the rest in this command"
        };
    }
    const auto before = workflows();
    // Never closed: definitions point into it.
    if (dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
        const char* reason = dlerror();
        throw ConfigurationError{
            "cannot load " + path + ": " + (reason == nullptr ? "unknown reason" : reason) +
            ". Build it against the headers of the Hourglass that this command belongs to "
            "(hourglass::headers in CMake)"
        };
    }
    workflow::Catalog::process().check();
    if (workflows() == before) {
        throw ConfigurationError{
            "no workflow came with " + path +
            ": define one with HOURGLASS_WORKFLOW in a file that is linked into it"
        };
    }
}

}  // namespace hourglass::cli
