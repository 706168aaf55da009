#include "hourglass/client/profile.hpp"
#include "tests/support/bound_codec.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace hourglass {
namespace {

using test::TemporaryFolder;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

const std::string kCertificate = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n";
const std::string kKey = "-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----\n";

std::string error_of(const ClientProfile& profile) {
    try {
        (void)profile.client_options();
    } catch (const ConfigurationError& error) {
        return error.what();
    }
    return "no error";
}

TEST(OptionsOfAProfile, AreTheDefaultsIfItSaysNothing) {
    const ClientOptions options = ClientProfile{}.client_options();
    EXPECT_EQ(options.address, "localhost:7233");
    EXPECT_EQ(options.namespace_, "default");
    EXPECT_EQ(options.api_key, "");
    EXPECT_FALSE(options.tls);
    EXPECT_TRUE(options.headers.empty());
}

TEST(OptionsOfAProfile, AreWhatItSays) {
    const TemporaryFolder folder;
    folder.write("key.pem", kKey);
    const std::string authority = "# ours\n" + kCertificate;
    const ClientProfile profile{
        .address = "temporal.test:7234",
        .namespace_ = "orders",
        .api_key = "secret",
        .tls =
            ProfileTls{
                .client_cert = {.data = kCertificate},
                .client_key = {.path = folder.path() + "/key.pem"},
                .server_ca_cert = {.data = authority},
                .server_name = "temporal.internal"
            },
        .grpc_meta = {{"some-header", "value"}}
    };
    const ClientOptions options = profile.client_options();
    EXPECT_EQ(options.address, "temporal.test:7234");
    EXPECT_EQ(options.namespace_, "orders");
    EXPECT_EQ(options.api_key, "secret");
    ASSERT_TRUE(options.tls);
    EXPECT_EQ(options.tls->client_certificate, kCertificate);
    EXPECT_EQ(options.tls->client_private_key, kKey);
    EXPECT_EQ(options.tls->server_root_ca, authority);
    EXPECT_EQ(options.tls->server_name, "temporal.internal");
    EXPECT_THAT(options.headers, ElementsAre(Pair("some-header", "value")));
}

TEST(OptionsOfAProfile, HaveTlsForAKeyAndForATableThatDoesNotDisableIt) {
    EXPECT_TRUE(ClientProfile{.api_key = "x"}.client_options().tls);
    EXPECT_TRUE(ClientProfile{.tls = ProfileTls{}}.client_options().tls);
    EXPECT_TRUE(ClientProfile{.tls = ProfileTls{.disabled = false}}.client_options().tls);
    const ProfileTls off{
        .disabled = true,
        .client_cert = {.path = "/nonexistent.pem"},
        .disable_host_verification = true
    };
    EXPECT_FALSE(ClientProfile{.tls = off}.client_options().tls) << "then none of it counts";
}

TEST(OptionsOfAProfile, AreRefusedForWhatAConnectionCannotDo) {
    EXPECT_THAT(
        error_of(
            {.tls = ProfileTls{.disable_host_verification = true}, .origin = "profile \"a\" of b"}
        ),
        AllOf(HasSubstr("profile \"a\" of b: tls.disable_host_verification"), HasSubstr("always"))
    );
    EXPECT_THAT(
        error_of({.api_key = "s3cr3t", .tls = ProfileTls{.disabled = true}}),
        AllOf(HasSubstr("in the clear"), Not(HasSubstr("s3cr3t")))
    );
    const ClientProfile coded{
        .codec = ProfileCodec{.endpoint = "http://user:s3cr3t@codec", .auth = "s3cr3t"}
    };
    EXPECT_THAT(error_of(coded), AllOf(HasSubstr("codec.endpoint"), Not(HasSubstr("s3cr3t"))));
    const auto codec = std::make_shared<test::BoundCodec>();
    EXPECT_THAT(coded.client_options({.codecs = {codec}}).data.codecs, ElementsAre(codec));
    EXPECT_EQ(error_of({.codec = ProfileCodec{.auth = "alone"}}), "no error");
}

TEST(OptionsOfAProfile, NeedACertificateAndItsKey) {
    EXPECT_THAT(
        error_of({.tls = ProfileTls{.client_cert = {.data = "x"}}}),
        HasSubstr("tls.client_cert is set, but tls.client_key is not")
    );
    EXPECT_THAT(
        error_of({.tls = ProfileTls{.client_key = {.data = "s3cr3t"}}}),
        AllOf(HasSubstr("tls.client_key is set, but tls.client_cert"), Not(HasSubstr("s3cr3t")))
    );
    EXPECT_THAT(
        error_of({.tls = ProfileTls{.server_ca_cert = {.path = "/nonexistent.pem"}}}),
        AllOf(HasSubstr("the profile: tls.server_ca_cert_path"), HasSubstr("/nonexistent.pem"))
    );
    const ProfileTls swapped{
        .client_cert = {.data = kCertificate},
        .client_key = {.path = "-----BEGIN PRIVATE KEY----- s3cr3t"}
    };
    EXPECT_THAT(
        error_of({.tls = swapped}),
        AllOf(HasSubstr("tls.client_key_path has a PEM text"), Not(HasSubstr("s3cr3t")))
    );
    const TemporaryFolder folder;
    folder.write("empty.pem", "");
    for (const std::string& path : {folder.path(), folder.path() + "/empty.pem"}) {
        EXPECT_THAT(
            error_of({.tls = ProfileTls{.server_ca_cert = {.path = path}}}),
            AllOf(HasSubstr("tls.server_ca_cert_path names the file " + path), HasSubstr("empty"))
        );
    }
    EXPECT_THAT(
        error_of({.tls = ProfileTls{.server_ca_cert = {.path = "/dev/zero"}}}),
        AllOf(HasSubstr("/dev/zero"), HasSubstr("more than"))
    );
    const ProfileTls two{.server_ca_cert = {.path = "a", .data = "b"}};
    EXPECT_THAT(error_of({.tls = two}), HasSubstr("a path and data"));
}

TEST(OptionsOfAProfile, NameWhereAnAddressIsFromThatIsNone) {
    const ProfileSource file{
        .text = "[profile.default]\naddress = \"localhost\"\n", .disable_env = true
    };
    EXPECT_THAT(
        error_of(load_profile(file)),
        AllOf(
            HasSubstr("profile \"default\" of ProfileSource::text: address"),
            HasSubstr("\"localhost\"; it must be host:port")
        )
    );
    const ProfileSource variable{
        .disable_file = true, .environment = {{{"TEMPORAL_ADDRESS", "http://localhost:7233"}}}
    };
    EXPECT_THAT(
        error_of(load_profile(variable)),
        AllOf(HasSubstr("the environment: address (TEMPORAL_ADDRESS)"), HasSubstr("scheme"))
    );
}

TEST(OptionsOfAProfile, NameThePemThatIsNone) {
    const TemporaryFolder folder;
    folder.write("bad.pem", "s3cr3t");
    folder.write("cut.pem", "-----BEGIN CERTIFICATE-----\ns3cr3t");
    for (const std::string name : {"bad.pem", "cut.pem"}) {
        const std::string path = folder.path() + "/" + name;
        EXPECT_THAT(
            error_of({.tls = ProfileTls{.server_ca_cert = {.path = path}}, .origin = "a profile"}),
            AllOf(
                HasSubstr("a profile: tls.server_ca_cert_path (TEMPORAL_TLS_SERVER_CA_CERT_PATH)"),
                HasSubstr("names the file " + path + ", which holds no certificate"),
                Not(HasSubstr("s3cr3t"))
            )
        );
    }
    EXPECT_THAT(
        error_of({.tls = ProfileTls{.client_cert = {.data = kKey}, .client_key = {.data = kKey}}}),
        HasSubstr("tls.client_cert_data (TEMPORAL_TLS_CLIENT_CERT_DATA) holds no certificate")
    );
    const std::string locked =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\ns3cr3t\n-----END ENCRYPTED PRIVATE KEY-----\n";
    for (const std::string& key : {std::string{"s3cr3t"}, kCertificate, locked}) {
        const ProfileTls tls{.client_cert = {.data = kCertificate}, .client_key = {.data = key}};
        EXPECT_THAT(
            error_of({.tls = tls}),
            AllOf(
                HasSubstr("tls.client_key_data (TEMPORAL_TLS_CLIENT_KEY_DATA) holds no private"),
                Not(HasSubstr("s3cr3t"))
            )
        );
    }
}

}  // namespace
}  // namespace hourglass
