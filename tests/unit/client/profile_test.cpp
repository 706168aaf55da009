#include "hourglass/client/profile.hpp"

#include "src/client/profile_environment.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

namespace hourglass {
namespace {

using test::TemporaryFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

using Environment = std::map<std::string, std::string>;

/// What a file with this text and these variables say.
ClientProfile loaded(const std::string& text, Environment environment = {}, bool strict = false) {
    return load_profile({.text = text, .strict = strict, .environment = std::move(environment)});
}

/// The message of the error that loading ends with.
std::string error_of(const ProfileSource& source) {
    try {
        (void)load_profile(source);
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "no error";
}

std::string error_in(const std::string& text, Environment environment = {}, bool strict = false) {
    return error_of(
        ProfileSource{.text = text, .strict = strict, .environment = std::move(environment)}
    );
}

constexpr const char* kAll = R"(
[profile.default]
address = "temporal.test:7234"
namespace = "orders"
api_key = "secret-key"
[profile.default.tls]
disabled = false
client_cert_path = "cert.pem"
client_key_data = "secret-pem"
server_ca_cert_data = "ca"
server_name = "temporal.internal"
disable_host_verification = true
[profile.default.codec]
endpoint = "http://codec.test"
auth = "secret-auth"
[profile.default.grpc_meta]
Some_Header = "some value"
[profile.other]
address = "other.test:7233"
)";

TEST(AProfileOfAFile, HasAllThatTheFileSays) {
    const ClientProfile profile = loaded(kAll);
    const ClientProfile expected{
        .address = "temporal.test:7234",
        .namespace_ = "orders",
        .api_key = "secret-key",
        .tls =
            ProfileTls{
                .disabled = false,
                .client_cert = {.path = "cert.pem"},
                .client_key = {.data = "secret-pem"},
                .server_ca_cert = {.data = "ca"},
                .server_name = "temporal.internal",
                .disable_host_verification = true
            },
        .codec = ProfileCodec{.endpoint = "http://codec.test", .auth = "secret-auth"},
        .grpc_meta = {{"some-header", "some value"}},
        .origin = "profile \"default\" of ProfileSource::text"
    };
    EXPECT_TRUE(profile == expected) << to_toml({{"read", profile}});
    EXPECT_TRUE(loaded(kAll, {}, true) == expected) << "nothing of it is unknown";
}

TEST(AProfileOfAFile, IsChosenByNameOrVariable) {
    const std::map<std::string, std::string> none;
    const ProfileSource other{.profile = "other", .text = kAll, .environment = none};
    EXPECT_EQ(load_profile(other).address, "other.test:7233");
    EXPECT_EQ(loaded(kAll, {{"TEMPORAL_PROFILE", "other"}}).address, "other.test:7233");
    EXPECT_EQ(loaded(kAll, {{"TEMPORAL_PROFILE", ""}}).address, "temporal.test:7234");
    const ProfileSource by_name{
        .profile = "default", .text = kAll, .environment = {{{"TEMPORAL_PROFILE", "other"}}}
    };
    EXPECT_EQ(load_profile(by_name).address, "temporal.test:7234");
    const ProfileSource without_variables{
        .text = kAll, .disable_env = true, .environment = {{{"TEMPORAL_PROFILE", "other"}}}
    };
    EXPECT_EQ(load_profile(without_variables).address, "temporal.test:7234");
}

TEST(AProfileOfAFile, MustExistOnlyIfItIsNamed) {
    EXPECT_EQ(loaded("[profile.other]\n").address, "");
    EXPECT_EQ(loaded("").address, "");
    EXPECT_THAT(
        error_in("[profile.other]\n[profile.more]\n", {{"TEMPORAL_PROFILE", "prod"}}),
        AllOf(HasSubstr("\"prod\" (TEMPORAL_PROFILE)"), HasSubstr("has \"more\", \"other\""))
    );
    EXPECT_THAT(
        error_of({.profile = "prod", .file = "/nonexistent.toml"}),
        HasSubstr("/nonexistent.toml is not there")
    );
    EXPECT_THAT(error_of({.profile = "prod", .text = ""}), HasSubstr("has no profiles"));
    EXPECT_THAT(
        error_of({.profile = "default", .environment = Environment{}}), HasSubstr("no home folder")
    );
}

TEST(AFileOfProfiles, IsFoundWhereTheVariablesSay) {
    const TemporaryFolder folder;
    folder.write("named.toml", "[profile.default]\naddress = \"named:1\"\n");
    folder.write("temporalio/temporal.toml", "[profile.default]\naddress = \"xdg:1\"\n");
    folder.write(".config/temporalio/temporal.toml", "[profile.default]\naddress = \"home:1\"\n");
    Environment variables{{"HOME", folder.path()}};
    const auto address = [&] { return load_profile({.environment = variables}).address; };
    EXPECT_EQ(address(), "home:1");
    variables["XDG_CONFIG_HOME"] = "relative";
    EXPECT_EQ(address(), "home:1");
    variables["XDG_CONFIG_HOME"] = folder.path();
    EXPECT_EQ(address(), "xdg:1");
    variables["TEMPORAL_CONFIG_FILE"] = folder.path() + "/named.toml";
    EXPECT_EQ(address(), "named:1");
    EXPECT_EQ(load_profile({.disable_env = true, .environment = variables}).address, "named:1")
        << "the variable still says where the file is";
    EXPECT_EQ(load_profile({.disable_file = true, .environment = variables}).address, "");
    variables["TEMPORAL_CONFIG_FILE"] = folder.path() + "/none.toml";
    EXPECT_EQ(address(), "");
    EXPECT_THAT(
        error_of({.strict = true, .environment = variables}),
        HasSubstr("/none.toml (TEMPORAL_CONFIG_FILE) is not there")
    );
    EXPECT_EQ(
        load_profile({.file = folder.path() + "/named.toml", .environment = variables}).origin,
        "profile \"default\" of " + folder.path() + "/named.toml"
    );
}

TEST(AFileOfProfiles, ThatCannotBeReadIsAnError) {
    const TemporaryFolder folder;
    EXPECT_THAT(error_of({.file = folder.path()}), HasSubstr(folder.path() + " cannot be read"));
    folder.write("large.toml", std::string((1U << 20U) + 1, '#'));
    EXPECT_THAT(error_of({.file = folder.path() + "/large.toml"}), HasSubstr("more than 1048576"));
}

TEST(Variables, OverrideTheFile) {
    const ClientProfile profile = loaded(
        kAll,
        {{"TEMPORAL_ADDRESS", "env:1"},
         {"TEMPORAL_NAMESPACE", "env"},
         {"TEMPORAL_API_KEY", "env-key"},
         {"TEMPORAL_TLS", "FALSE"},
         {"TEMPORAL_TLS_CLIENT_CERT_PATH", "env.pem"},
         {"TEMPORAL_TLS_CLIENT_KEY_DATA", "env-pem"},
         {"TEMPORAL_TLS_SERVER_CA_CERT_DATA", "env-ca"},
         {"TEMPORAL_TLS_SERVER_NAME", "env.internal"},
         {"TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "0"},
         {"TEMPORAL_CODEC_ENDPOINT", "http://env.test"},
         {"TEMPORAL_CODEC_AUTH", "env-auth"},
         {"TEMPORAL_GRPC_META_SOME_HEADER", "env value"},
         {"TEMPORAL_GRPC_META_MORE", "more"}}
    );
    EXPECT_EQ(profile.address, "env:1");
    EXPECT_EQ(profile.namespace_, "env");
    EXPECT_EQ(profile.api_key, "env-key");
    const ProfileTls tls{
        .disabled = true,
        .client_cert = {.path = "env.pem"},
        .client_key = {.data = "env-pem"},
        .server_ca_cert = {.data = "env-ca"},
        .server_name = "env.internal"
    };
    EXPECT_TRUE(profile.tls == tls) << to_toml({{"read", profile}});
    EXPECT_TRUE((profile.codec == ProfileCodec{.endpoint = "http://env.test", .auth = "env-auth"}));
    EXPECT_THAT(
        profile.grpc_meta, ElementsAre(Pair("more", "more"), Pair("some-header", "env value"))
    );
}

TEST(Variables, DoForThemselves) {
    const ClientProfile profile =
        loaded("", {{"TEMPORAL_ADDRESS", "env:1"}, {"TEMPORAL_TLS_SERVER_NAME", "name"}});
    EXPECT_EQ(profile.address, "env:1");
    ASSERT_TRUE(profile.tls);
    EXPECT_EQ(profile.tls->disabled, std::nullopt);
    EXPECT_EQ(profile.tls->server_name, "name");
    EXPECT_EQ(profile.origin, "the environment");
    EXPECT_FALSE(loaded("").tls);
    EXPECT_FALSE(loaded("").codec);
}

TEST(Variables, ThatAreEmptyTakeBackWhatTheFileSays) {
    const ClientProfile profile = loaded(
        kAll,
        {{"TEMPORAL_ADDRESS", ""},
         {"TEMPORAL_TLS_CLIENT_KEY_DATA", ""},
         {"TEMPORAL_TLS_CLIENT_KEY_PATH", "key.pem"},
         {"TEMPORAL_CODEC_ENDPOINT", ""},
         {"TEMPORAL_GRPC_META_SOME_HEADER", ""}}
    );
    EXPECT_EQ(profile.address, "");
    EXPECT_TRUE((profile.tls->client_key == PemSource{.path = "key.pem"}));
    EXPECT_EQ(profile.codec->endpoint, "");
    EXPECT_TRUE(profile.grpc_meta.empty());
    EXPECT_FALSE(loaded("", {{"TEMPORAL_TLS_SERVER_NAME", ""}, {"TEMPORAL_TLS", ""}}).tls);
}

TEST(Variables, ThatAreNotUsableAreNamed) {
    EXPECT_THAT(
        error_in("", {{"TEMPORAL_TLS", "perhaps"}}),
        "TEMPORAL_TLS must be true or false, and is something else"
    );
    EXPECT_THAT(
        error_in("", {{"TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "no"}}),
        HasSubstr("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION must be true or false")
    );
    EXPECT_THAT(
        error_in(
            "", {{"TEMPORAL_TLS_CLIENT_KEY_PATH", "a"}, {"TEMPORAL_TLS_CLIENT_KEY_DATA", "b"}}
        ),
        HasSubstr("TEMPORAL_TLS_CLIENT_KEY_PATH and TEMPORAL_TLS_CLIENT_KEY_DATA are both set")
    );
    EXPECT_THAT(
        error_in(kAll, {{"TEMPORAL_TLS_CLIENT_KEY_PATH", "a"}}),
        HasSubstr("profile \"default\" of ProfileSource::text has tls.client_key_data")
    );
    EXPECT_THAT(
        error_in(kAll, {{"TEMPORAL_TLS_CLIENT_CERT_DATA", "a"}}),
        HasSubstr("has tls.client_cert_path")
    );
    EXPECT_THAT(
        error_of(ProfileSource{.disable_file = true, .disable_env = true}), HasSubstr("both set")
    );
}

TEST(AFileOfProfiles, ThatIsWrongIsNamedWithTheLineAndTheField) {
    EXPECT_THAT(
        error_in("[profile.default]\nnamespace = 5\n"),
        "ProfileSource::text:2: profile.default.namespace is a number; it must be a text in quotes"
    );
    EXPECT_THAT(
        error_in("[profile.default.tls]\n\ndisabled = \"yes\"\n"),
        "ProfileSource::text:3: profile.default.tls.disabled is a text; it must be true or false"
    );
    EXPECT_THAT(
        error_in("profile = 5\n"), HasSubstr(":1: profile is a number; it must be a table")
    );
    EXPECT_THAT(
        error_in("[profile.default]\ntls = true\n"),
        HasSubstr("profile.default.tls is true or false")
    );
    EXPECT_THAT(
        error_in("[profile.default.grpc_meta]\na = [1]\n"),
        HasSubstr("profile.default.grpc_meta.a is a list")
    );
    EXPECT_THAT(
        error_in("[profile.a.tls]\nclient_key_path = \"a\"\nclient_key_data = \"b\"\n"),
        HasSubstr(":3: profile.a.tls.client_key_path and profile.a.tls.client_key_data are both")
    );
    EXPECT_THAT(
        error_in("[profile.a.grpc_meta]\na_b = \"1\"\nA-B = \"2\"\n"),
        HasSubstr("is the header a-b, which another key")
    );
    EXPECT_THAT(
        error_in("[profile.default]\naddress = localhost\n"),
        AllOf(HasSubstr("ProfileSource::text:2:"), HasSubstr("this is not TOML, in a value"))
    );
}

TEST(AFileOfProfiles, MayBeginATableWithAnything) {
    EXPECT_THAT(
        error_in("a = \"[x\"\n[+profile.default]\n"),
        AllOf(HasSubstr("ProfileSource::text:2: this is not TOML"), HasSubstr("table header"))
    );
    EXPECT_THAT(error_in("[[ ="), HasSubstr("ProfileSource::text:1: this is not TOML"));
}

TEST(AFileOfProfiles, MayHaveUnknownKeysUnlessItIsReadStrictly) {
    const auto both = [](const std::string& text) {
        EXPECT_EQ(error_in(text), "no error");
        return error_in(text, {}, true);
    };
    EXPECT_THAT(
        both("[profile.default]\nadress = \"a:1\"\n"),
        AllOf(HasSubstr(":2: profile.default.adress is not known"), HasSubstr("address, namespace"))
    );
    EXPECT_THAT(both("[profiles.default]\n"), HasSubstr("the file may have profile"));
    EXPECT_THAT(both("[profile.x.tls]\nname = \"\"\n"), HasSubstr("profile.x.tls.name is not"));
    EXPECT_THAT(both("[profile.x.codec]\nurl = \"\"\n"), HasSubstr("profile.x.codec.url is not"));
}

TEST(AFileOfProfiles, CannotExhaustTheStack) {
    std::string dots = "a";
    for (int i = 0; i < 200'000; ++i) {
        dots += ".a";
    }
    EXPECT_THAT(
        error_in("x = 1\n" + dots + " = 1\n"), HasSubstr("ProfileSource::text:2: the line")
    );
    const std::string lists = "x = " + std::string(100'000, '[') + "\n";
    EXPECT_THAT(error_in(lists), HasSubstr("not TOML"));
}

TEST(AProfile, IsTheSameAfterItWasWritten) {
    auto profiles = load_profiles({.text = kAll});
    EXPECT_THAT(profiles, ElementsAre(Key("default"), Key("other")));
    profiles["od\"d.na\nme"] = {
        .api_key = "a \"quoted\" \\ \x01 \x7f \xc3\xa4\tend\n",
        .tls = ProfileTls{},
        .grpc_meta = {{"", ""}, {"x y", "z"}}
    };
    const std::string text = to_toml(profiles);
    auto again = load_profiles({.text = text, .strict = true});
    for (auto& [name, profile] : again) {
        profile.origin = profiles[name].origin;
    }
    EXPECT_TRUE(again == profiles) << text;
    EXPECT_THROW((void)to_toml({{"x", {.address = "\xff"}}}), ConfigurationError);
    const ProfileTls two{.client_key = {.path = "a", .data = "secret"}};
    EXPECT_THROW((void)to_toml({{"x", {.tls = two}}}), ConfigurationError);
}

/// Each mistake that can be made beside a secret.
TEST(ASecret, IsInNoError) {
    const std::string secret = "s3cr3t";
    const std::vector<ProfileSource> sources{
        {.text = "[profile.default]\napi_key = " + secret + "\n"},
        {.text = "[profile.default]\napi_key = '" + secret + "\n"},
        {.text = "[profile.default]\napi_key = \"" + secret + "\\q\"\n"},
        {.text = "[profile.default]\napi_key = \"" + secret + "\" " + secret + "\n"},
        {.text = "[profile.default]\napi_key = [\"" + secret + "\"]\n"},
        {.text = "[profile.default]\napi_key = \"a\"\napi_key = \"" + secret + "\"\n"},
        {.text = "[profile.default.tls]\nclient_key_data = \"\"\"" + secret + "\n"},
        {.text = "[profile.default]\ntls = \"" + secret + "\"\n"},
        {.text = "[profile.default.codec]\nauth = {x = \"" + secret + "\"}\n"},
        {.text = "[profile.default]\napi_key = \"" + secret + "\"\nx = 1\n", .strict = true},
        {.text = "[profile.default.tls]\nclient_key_path = \"a\"\nclient_key_data = \"" + secret +
                 "\"\n"},
        {.text = "[profile.default.tls]\nclient_key_path = \"a\"\n",
         .environment = Environment{{"TEMPORAL_TLS_CLIENT_KEY_DATA", secret}}},
        {.text = "",
         .environment =
             Environment{
                 {"TEMPORAL_TLS_CLIENT_KEY_DATA", secret}, {"TEMPORAL_TLS_CLIENT_KEY_PATH", "a"}
             }},
        {.profile = "none", .text = "[profile.default]\napi_key = \"" + secret + "\"\n"},
    };
    for (const ProfileSource& source : sources) {
        const std::string error = error_of(source);
        EXPECT_NE(error, "no error") << *source.text;
        EXPECT_THAT(error, Not(HasSubstr(secret)));
    }
}

/// A parser's message shows what it could not read.
TEST(ASecret, IsInNoErrorWhereTheQuotesWereForgotten) {
    for (const std::string secret :
         {"s3cr3t",
          "true-s3cr3t",
          "nan-s3cr3t",
          "918273645546372819918273",
          "-91827364554637281991827",
          "0x918273645546372819918273",
          "91827364_s3cr3t",
          "9.182736455463728e91827",
          "2024-91-82",
          "\"\\u918g\""}) {
        const std::string error = error_in("[profile.default]\napi_key = " + secret + "\n");
        EXPECT_THAT(error, HasSubstr("not TOML")) << secret;
        for (std::size_t i = 0; i + 4 <= secret.size(); ++i) {
            EXPECT_THAT(error, Not(HasSubstr(secret.substr(i, 4)))) << secret;
        }
    }
}

}  // namespace
}  // namespace hourglass
