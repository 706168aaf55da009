#pragma once

#include "hourglass/client/client_options.hpp"

#include <map>
#include <optional>
#include <string>

namespace hourglass {

/// A PEM text, or the path of the file that has it: one of them, or neither.
struct PemSource {
    /// Relative to the working folder.
    std::string path = {};
    std::string data = {};

    [[nodiscard]] bool empty() const { return path.empty() && data.empty(); }
    bool operator==(const PemSource&) const = default;
};

/// The table `tls` of a profile. If it is there, TLS is on unless it says otherwise.
struct ProfileTls {
    /// Wins over certificates that are set beside it.
    std::optional<bool> disabled = {};
    PemSource client_cert = {};
    PemSource client_key = {};
    PemSource server_ca_cert = {};
    /// Overrides the name that the server's certificate must have.
    std::string server_name = {};
    /// Read and written for the other programs that share the file; `client_options` refuses it.
    bool disable_host_verification = false;

    bool operator==(const ProfileTls&) const = default;
};

/// The table `codec` of a profile: a codec server, for programs that do not have the codecs.
struct ProfileCodec {
    /// A URL.
    std::string endpoint = {};
    /// The value of the header Authorization.
    std::string auth = {};

    bool operator==(const ProfileCodec&) const = default;
};

/// How to reach a server, as `temporal.toml` and the environment say it to the `temporal` command
/// and to all SDKs. Empty texts stand for what is not set.
///
/// Plain data. It holds secrets (`api_key`, `tls->client_key`, `codec->auth`, maybe `grpc_meta`);
/// no error and no log line of Hourglass shows them.
struct ClientProfile {
    /// host:port.
    std::string address = {};
    std::string namespace_ = {};
    /// Turns TLS on.
    std::string api_key = {};
    std::optional<ProfileTls> tls = {};
    std::optional<ProfileCodec> codec = {};
    /// Sent with each call; keys in lower case, with hyphens.
    std::map<std::string, std::string> grpc_meta = {};
    /// Where it was read, for messages: `profile "default" of FILE`, `the environment`.
    std::string origin = {};

    /// What connects as the profile says; reads the files that it names.
    /// @param data  how payloads travel. A profile with a codec server wants codecs: a connection
    /// of Hourglass calls no codec server, so the program brings the same codecs itself.
    /// @throws ConfigurationError  naming the field, if a file cannot be read, if a certificate has
    /// no key or the other way round, and for what a connection cannot do: TLS without host
    /// verification, an API key in the clear, a codec server without codecs in `data`.
    /// @threads any.
    [[nodiscard]] ClientOptions client_options(DataOptions data = {}) const;

    bool operator==(const ClientProfile&) const = default;
};

/// Where profiles come from. The defaults are those of the `temporal` command.
struct ProfileSource {
    /// Its name; it must exist then. Empty: TEMPORAL_PROFILE, or else "default", which need not.
    std::string profile = {};
    /// Path of the file. Empty: TEMPORAL_CONFIG_FILE, or else `temporalio/temporal.toml` in
    /// $XDG_CONFIG_HOME or ~/.config (macOS: ~/Library/Application Support). A file that is not
    /// there has no profiles.
    std::string file = {};
    /// TOML to be read instead of a file.
    std::optional<std::string> text = {};
    /// Keys that nobody knows are an error, and so is a file that is named and not there.
    bool strict = false;
    bool disable_file = false;
    /// No variable chooses the profile or overrides it. TEMPORAL_CONFIG_FILE says all the same
    /// where the file is.
    bool disable_env = false;
    /// Instead of the process's environment, HOME and XDG_CONFIG_HOME included.
    std::optional<std::map<std::string, std::string>> environment = {};
};

/// Reads one profile: what the file says, overridden by TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE,
/// TEMPORAL_API_KEY, TEMPORAL_TLS (true or false), TEMPORAL_TLS_SERVER_NAME,
/// TEMPORAL_TLS_DISABLE_HOST_VERIFICATION, the pairs …_PATH and …_DATA of TEMPORAL_TLS_CLIENT_CERT,
/// TEMPORAL_TLS_CLIENT_KEY and TEMPORAL_TLS_SERVER_CA_CERT, TEMPORAL_CODEC_ENDPOINT,
/// TEMPORAL_CODEC_AUTH, and TEMPORAL_GRPC_META_*, where A_B is the header a-b. A variable that is
/// set and empty takes back what the file says, but for the two that are true or false.
/// @throws ConfigurationError  naming the file and the line, or the variable, and what was
/// expected: no TOML, a value of another type, a path and a text for one thing, a profile that is
/// not there.
/// @threads any, as long as nobody changes the environment.
[[nodiscard]] ClientProfile load_profile(const ProfileSource& source = {});

/// All profiles of the file by their names, without overrides. Of the source, `profile` and
/// `disable_env` do not count.
/// @throws ConfigurationError  as `load_profile`.
[[nodiscard]] std::map<std::string, ClientProfile> load_profiles(const ProfileSource& source = {});

/// The text of a `temporal.toml` with these profiles, secrets included.
/// @throws ConfigurationError  if a text is not UTF-8, or a path and a text are set for one thing.
[[nodiscard]] std::string to_toml(const std::map<std::string, ClientProfile>& profiles);

}  // namespace hourglass
