#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace hourglass::test {

/// A folder that nobody else has; who asks for it removes it.
[[nodiscard]] inline std::filesystem::path new_temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hourglass-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error{"cannot make the folder " + name};
    }
    return name;
}

}  // namespace hourglass::test
