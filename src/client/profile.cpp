#include "hourglass/client/profile.hpp"

#include "hourglass/base/error.hpp"
#include "src/client/profile_environment.hpp"
#include "src/client/profile_toml.hpp"
#include "src/client/settings.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <utility>

namespace hourglass {

namespace {

using client::Variables;

constexpr const char* kDefaultProfile = "default";
/// A device would never end.
constexpr std::size_t kMaxFileBytes = 1U << 20U;

Variables variables_of(const ProfileSource& source) {
    return source.environment ? Variables{*source.environment} : Variables{};
}

struct File {
    std::string name;    ///< for messages
    std::string reason;  ///< why this one: " (TEMPORAL_CONFIG_FILE)", or empty
    bool exists = false;
    std::map<std::string, ClientProfile> profiles;
};

/// Of a file or a pipe.
std::string contents(const std::string& path) {
    errno = 0;
    std::ifstream file{path, std::ios::binary};
    std::string text(kMaxFileBytes + 1, '\0');
    if (file) {
        file.read(text.data(), static_cast<std::streamsize>(text.size()));
    }
    if (!file.is_open() || file.bad()) {
        throw ConfigurationError{
            path + " cannot be read (" + std::strerror(errno) + "); it must be a file of TOML"
        };
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > kMaxFileBytes) {
        throw ConfigurationError{
            path + " has more than " + std::to_string(kMaxFileBytes) +
            " bytes; no file of profiles is as large"
        };
    }
    return text;
}

File read_file(const ProfileSource& source, const Variables& variables) {
    File file;
    if (source.disable_file) {
        return file;
    }
    if (source.text) {
        if (!source.file.empty()) {
            throw ConfigurationError{
                "ProfileSource::file and ProfileSource::text are both set; set one of them"
            };
        }
        file.name = "ProfileSource::text";
        file.exists = true;
        file.profiles = client::parse_profiles(*source.text, file.name, source.strict);
        return file;
    }
    const std::string of_variable = variables.text("TEMPORAL_CONFIG_FILE");
    if (!source.file.empty()) {
        file.name = source.file;
    } else if (!of_variable.empty()) {
        file.name = of_variable;
        file.reason = " (TEMPORAL_CONFIG_FILE)";
    } else {
        file.name = client::default_profile_file(variables);
    }
    const bool named = !source.file.empty() || !of_variable.empty();
    std::error_code ignored;
    file.exists = !file.name.empty() && std::filesystem::exists(file.name, ignored);
    if (!file.exists) {
        if (named && source.strict) {
            throw ConfigurationError{
                file.name + file.reason + " is not there; it must be a file of TOML"
            };
        }
        return file;
    }
    file.profiles = client::parse_profiles(contents(file.name), file.name, source.strict);
    return file;
}

[[noreturn]] void not_there(
    const File& file, const std::string& wanted, const std::string& reason
) {
    std::string has;
    for (const auto& [name, profile] : file.profiles) {
        has += (has.empty() ? "\"" : ", \"") + name + '"';
    }
    std::string why = file.name.empty() ? "there is no home folder to look for a file in"
                      : !file.exists    ? file.name + file.reason + " is not there"
                      : has.empty()     ? file.name + file.reason + " has no profiles"
                                        : file.name + file.reason + " has " + has;
    throw ConfigurationError{
        "there is no profile \"" + wanted + "\"" + reason + ": " + std::move(why)
    };
}

ClientProfile chosen(const ProfileSource& source, const Variables& variables) {
    const std::string of_variable = source.disable_env ? "" : variables.text("TEMPORAL_PROFILE");
    const bool named = !source.profile.empty() || !of_variable.empty();
    const std::string name = !source.profile.empty() ? source.profile
                             : named                 ? of_variable
                                                     : kDefaultProfile;
    File file = read_file(source, variables);
    if (const auto found = file.profiles.find(name); found != file.profiles.end()) {
        return std::move(found->second);
    }
    if (named) {
        not_there(file, name, source.profile.empty() ? " (TEMPORAL_PROFILE)" : "");
    }
    ClientProfile none;
    none.origin = source.disable_env ? "the defaults" : "the environment";
    return none;
}

}  // namespace

std::map<std::string, ClientProfile> load_profiles(const ProfileSource& source) {
    return read_file(source, variables_of(source)).profiles;
}

ClientProfile load_profile(const ProfileSource& source) {
    if (source.disable_file && source.disable_env) {
        throw ConfigurationError{
            "ProfileSource::disable_file and ProfileSource::disable_env are both set; a profile "
            "comes from one or the other"
        };
    }
    const Variables variables = variables_of(source);
    ClientProfile profile;
    if (source.disable_file) {
        profile.origin = "the environment";
    } else {
        profile = chosen(source, variables);
    }
    if (!source.disable_env) {
        client::override_from(variables, profile);
    }
    return profile;
}

}  // namespace hourglass
