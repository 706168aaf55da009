#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace hourglass::test {

/// A folder that nobody else has; who asks for it removes it.
[[nodiscard]] inline std::filesystem::path new_temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "hourglass-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error{"cannot make the folder " + name};
    }
    return name;
}

/// A folder with files of a test, removed with it.
class TemporaryFolder {
public:
    TemporaryFolder() = default;
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] std::string path() const { return folder_.string(); }
    /// @param name  relative to the folder; folders in between are made.
    void write(const std::string& name, const std::string& text) const {
        const auto file = folder_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
    }

private:
    const std::filesystem::path folder_ = new_temporary_folder();
};

}  // namespace hourglass::test
