// The program that docs/production.md and deploy/kubernetes are about, as a pod runs it: its
// environment says everything.
#include "tests/support/child_process.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/http.hpp"
#include "tests/support/tcp_proxy.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_server.hpp"
#include "tests/support/tls_endpoints.hpp"
#include <hourglass/client/profile.hpp>
#include <hourglass/client/worker_deployments.hpp>
#include <hourglass/hourglass.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <signal.h>
#include <string>
#include <utility>
#include <vector>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::unique;
using testing::HasSubstr;

std::string text_of(const std::string& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

class AnInvoiceWorker : public testing::Test {
protected:
    /// Starts the program with these variables and without any of ours that names a server.
    void start(std::vector<std::string> variables) {
        std::vector<std::string> command{"env", "-u", "TEMPORAL_ADDRESS"};
        command.push_back("TASK_QUEUE=" + queue_);
        command.push_back("STATUS_PORT=" + std::to_string(status_port_));
        command.push_back("METRICS_PORT=" + std::to_string(metrics_port_));
        command.insert(command.end(), variables.begin(), variables.end());
        command.push_back(HOURGLASS_INVOICE_WORKER);
        program_ = std::make_unique<test::ChildProcess>(command, folder_.path() + "/log");
    }
    void write_profile(const std::string& address) const {
        folder_.write(
            "temporal.toml",
            "[profile.production]\naddress = \"" + address + "\"\nnamespace = \"default\"\n"
        );
    }
    [[nodiscard]] std::vector<std::string> profile() const {
        return {
            "TEMPORAL_CONFIG_FILE=" + folder_.path() + "/temporal.toml",
            "TEMPORAL_PROFILE=production"
        };
    }
    [[nodiscard]] int status(const std::string& path) const {
        return test::http("127.0.0.1:" + std::to_string(status_port_), path).status;
    }
    [[nodiscard]] bool is_ready() const {
        return eventually([this] { return status("/readyz") == 200; }, 60s);
    }
    [[nodiscard]] std::string log() const { return text_of(folder_.path() + "/log"); }
    [[nodiscard]] WorkflowHandle<> begin(const std::string& number) const {
        return client_.start("Invoice", {.id = unique("invoice"), .task_queue = queue_}, number);
    }
    int end() {
        program_->signal(SIGTERM);
        return program_->wait();
    }

    const test::TemporaryFolder folder_;
    const std::string queue_ = unique("invoices");
    const std::uint16_t status_port_ = test::free_port();
    const std::uint16_t metrics_port_ = test::free_port();
    const Client client_ = Client::connect({.address = test::server_address()});
    std::unique_ptr<test::ChildProcess> program_;
};

TEST_F(AnInvoiceWorker, GoesWhereItsProfileSaysAndTellsProbesHowItIs) {
    write_profile(test::server_address());
    start(profile());
    ASSERT_TRUE(is_ready()) << log();
    EXPECT_EQ(status("/healthz"), 200);
    EXPECT_EQ(begin("7").result<std::string>(), "printed 7");
    const auto told = std::chrono::steady_clock::now();
    EXPECT_EQ(end(), 0) << log();
    EXPECT_LT(std::chrono::steady_clock::now() - told, 90s) << "twice its grace and a half";
}

TEST_F(AnInvoiceWorker, TellsWhatSizingGoesBy) {
    write_profile(test::server_address());
    start(profile());
    ASSERT_TRUE(is_ready()) << log();
    EXPECT_EQ(begin("7").result<std::string>(), "printed 7");
    const auto metrics = test::http("127.0.0.1:" + std::to_string(metrics_port_), "/metrics");
    EXPECT_EQ(metrics.status, 200);
    for (const std::string name :
         {"temporal_worker_task_slots_available",
          "temporal_activity_schedule_to_start_latency",
          "temporal_workflow_task_schedule_to_start_latency",
          "temporal_workflow_task_replay_latency",
          "temporal_sticky_cache_size",
          "temporal_num_pollers"}) {
        EXPECT_THAT(metrics.body, HasSubstr("# TYPE " + name + " "));
    }
    EXPECT_THAT(metrics.body, HasSubstr("worker_type=\"ActivityWorker\""));
    EXPECT_THAT(metrics.body, HasSubstr("worker_type=\"WorkflowWorker\""));
    EXPECT_EQ(end(), 0) << log();
}

TEST_F(AnInvoiceWorker, LivesAndIsNotReadyWhileItsServerIsAway) {
    write_profile("127.0.0.1:" + std::to_string(test::free_port()));
    start(profile());
    ASSERT_TRUE(eventually([this] { return status("/healthz") == 200; }, 60s)) << log();
    EXPECT_EQ(status("/readyz"), 503);
    EXPECT_EQ(end(), 0) << log();
}

TEST_F(AnInvoiceWorker, TakesTheCertificateThatIsPutInItsPlaceWhileItRuns) {
    const std::string server = test::server_address();
    const test::TlsEndpoints endpoints{
        static_cast<std::uint16_t>(std::stoi(server.substr(server.rfind(':') + 1)))
    };
    test::TcpProxy way{endpoints.port("mutual")};
    const auto put = [&](const std::string& authority) {
        const TlsOptions tls = endpoints.client_of(authority);
        folder_.write("ca.crt", tls.server_root_ca);
        folder_.write("tls.crt", tls.client_certificate);
        folder_.write("tls.key", tls.client_private_key);
    };
    put("ours");
    const std::string file = "_path = \"" + folder_.path();
    folder_.write(
        "temporal.toml",
        "[profile.production]\naddress = \"" + way.address() +
            "\"\nnamespace = \"default\"\n[profile.production.tls]\nserver_name = \"" +
            test::TlsEndpoints::kHost + "\"\nserver_ca_cert" + file + "/ca.crt\"\nclient_cert" +
            file + "/tls.crt\"\nclient_key" + file + "/tls.key\"\n"
    );
    auto variables = profile();
    variables.push_back("CREDENTIALS_INTERVAL=1");
    start(variables);
    ASSERT_TRUE(is_ready()) << log();
    EXPECT_EQ(begin("9").result<std::string>(), "printed 9");

    way.forward_to(endpoints.port("mutual_next"));  // the old certificate is revoked
    way.set(test::TcpProxy::Fault::Reset);
    way.set(test::TcpProxy::Fault::None);
    const auto invoice = begin("10");
    put("next");
    EXPECT_TRUE(eventually(
        [this] { return log().find("the credentials were replaced") != std::string::npos; }, 60s
    )) << log();
    EXPECT_EQ(invoice.result<std::string>({.timeout = 60s}), "printed 10") << log();
    EXPECT_EQ(end(), 0) << log();
}

TEST_F(AnInvoiceWorker, SaysWhatIsWrongWithItsProfileAndEndsWith78) {
    folder_.write("temporal.toml", "[profile.production]\nadress = \"typing.error:7233\"\n");
    start(profile());
    EXPECT_EQ(program_->wait(), 78);
    EXPECT_THAT(log(), HasSubstr("adress"));
}

TEST_F(AnInvoiceWorker, NamesTheVariableThatIsNoNumberItCanUseAndEndsWith78) {
    write_profile(test::server_address());
    for (const std::string wrong :
         {"STATUS_PORT=80800", "METRICS_PORT=", "CREDENTIALS_INTERVAL=0", "STATUS_PORT=8080a"}) {
        auto variables = profile();
        variables.push_back(wrong);
        start(variables);
        EXPECT_EQ(program_->wait(), 78) << wrong;
        const auto at = wrong.find('=');
        EXPECT_THAT(
            log(), HasSubstr(wrong.substr(0, at) + " is '" + wrong.substr(at + 1) + "'; expected")
        );
    }
}

TEST_F(AnInvoiceWorker, IsOfTheVersionThatItsEnvironmentNames) {
    const WorkerDeploymentVersion version{
        .deployment_name = unique("invoices"), .build_id = "1.0.0"
    };
    write_profile(test::server_address());
    auto variables = profile();
    variables.push_back("TEMPORAL_DEPLOYMENT_NAME=" + version.deployment_name);
    variables.push_back("TEMPORAL_WORKER_BUILD_ID=" + version.build_id);
    start(variables);
    ASSERT_TRUE(is_ready()) << log();
    const auto invoice = begin("8");
    ASSERT_TRUE(eventually(
        [&] {
            try {
                // [current]
                admin::set_current_version(
                    client_, version.deployment_name, {.build_id = version.build_id}
                );
                // [current]
                return true;
            } catch (const RpcError&) {
                return false;  // the server has not seen it yet
            }
        },
        60s
    ));
    EXPECT_EQ(invoice.result<std::string>(), "printed 8");
    EXPECT_EQ(invoice.describe().deployment_version, version);
    EXPECT_EQ(end(), 0) << log();
}

TEST(TheConnectionOfDeployKubernetes, IsAProfileThatCanBeRead) {
    const std::string all = text_of(HOURGLASS_CONNECTION);
    const std::string mark = "temporal.toml: |\n";
    const auto at = all.find(mark);
    ASSERT_NE(at, std::string::npos);
    const auto profile = load_profile(
        {.profile = "production",
         .text = all.substr(at + mark.size()),
         .strict = true,
         .disable_env = true}
    );
    EXPECT_THAT(profile.address, testing::EndsWith(":7233"));
    EXPECT_EQ(profile.namespace_, "invoices");
    EXPECT_TRUE(profile.tls.has_value());
}

TEST(TheProfilesOfDocsProduction, CanBeRead) {
    const std::string page = text_of(HOURGLASS_PRODUCTION_PAGE);
    const std::string mark = "```toml\n";
    const auto from = page.find(mark) + mark.size();
    const std::string text = page.substr(from, page.find("```", from) - from);
    const auto profiles = load_profiles({.text = text, .strict = true, .disable_env = true});
    ASSERT_EQ(profiles.size(), 3u);
    EXPECT_TRUE(profiles.at("own").tls.has_value());
    EXPECT_TRUE(profiles.at("cloud_certificate").tls.has_value());
    auto with_key = profiles.at("cloud_key");
    with_key.api_key = "a key";
    EXPECT_TRUE(with_key.client_options().tls.has_value()) << "a key turns TLS on";
}

}  // namespace
}  // namespace hourglass
