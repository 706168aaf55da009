#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

/// What configuration from variables and files has in common.
namespace hourglass::client {

/// The variables of the process, or those that a test gives.
class Variables {
public:
    /// Those of the process, read when they are asked for.
    Variables() = default;
    explicit Variables(std::map<std::string, std::string> given) : given_{std::move(given)} {}

    /// @returns nullopt if it is not set.
    [[nodiscard]] std::optional<std::string> find(const std::string& name) const;
    /// Unset and empty are the same here.
    [[nodiscard]] std::string text(const std::string& name) const;
    /// All whose names begin with `prefix`, in the order of their names.
    [[nodiscard]] std::map<std::string, std::string> starting_with(const std::string& prefix) const;
    [[nodiscard]] bool of_process() const { return !given_; }

private:
    std::optional<std::map<std::string, std::string>> given_;
};

[[nodiscard]] std::string lower_case(std::string text);

/// @returns nullopt if the text is empty.
/// @throws ConfigurationError  naming the variable, unless it is true, false, 1 or 0.
[[nodiscard]] std::optional<bool> to_flag(const std::string& variable, const std::string& text);

/// @param name  of the variable or the field that has the path.
/// @throws ConfigurationError  naming it, if the file cannot be read or is empty. Text that is no
/// path but a PEM, a private key maybe, is not shown.
[[nodiscard]] std::string read_pem_file(const std::string& name, const std::string& path);

}  // namespace hourglass::client
