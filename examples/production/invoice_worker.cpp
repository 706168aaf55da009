// A worker as it runs in production. What differs between a laptop, a cluster and Temporal Cloud
// comes from its environment: the program is the same. See docs/production.md.
#include <hourglass/client/profile.hpp>
#include <hourglass/hourglass.hpp>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <mutex>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <tuple>
#include <utility>

namespace invoices {

namespace hg = hourglass;
using namespace std::chrono_literals;

std::string print(std::string number) {
    return "printed " + number;
}

class Invoice {
public:
    hg::Task<std::string> run(std::string number) {
        const hg::workflow::ActivityOptions options{.start_to_close_timeout = 30s};
        std::string printed = co_await hg::workflow::execute_activity<&print>(options, number);
        co_return printed;
    }
};

}  // namespace invoices

HOURGLASS_WORKFLOW(invoices::Invoice, run, versioning(Pinned));
HOURGLASS_ACTIVITY(invoices::print);

namespace {

namespace hg = hourglass;
using namespace std::chrono_literals;

std::string variable(const char* name, std::string otherwise = {}) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : otherwise;
}

/// @throws ConfigurationError that names the variable if it is no number from 1 to `most`.
int number(const char* name, int otherwise, int most) {
    const std::string text = variable(name, std::to_string(otherwise));
    const char* const end = text.data() + text.size();
    int value = 0;
    const auto read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc{} || read.ptr != end || value < 1 || value > most) {
        throw hg::ConfigurationError{
            std::string{name} + " is '" + text + "'; expected a number from 1 to " +
            std::to_string(most)
        };
    }
    return value;
}

std::uint16_t port(const char* name, int otherwise) {
    return static_cast<std::uint16_t>(number(name, otherwise, 65535));
}

hg::ClientOptions client_of_environment() {
    return hg::load_profile({.strict = true}).client_options();
}

// [options]
hg::ApplicationOptions options_of_environment() {
    hg::ApplicationOptions options;
    // Where the server is and who asks: temporal.toml, and the variables TEMPORAL_…
    options.client = client_of_environment();
    options.default_worker.task_queue = variable("TASK_QUEUE", "invoices");

    // Less than the time that a pod has to end: twice this and 75 s.
    options.default_worker.graceful_shutdown_timeout = 30s;

    // For probes and for Prometheus, from outside of the pod.
    options.status_page = {
        .enabled = true,
        .address = variable("LISTEN_ADDRESS", "127.0.0.1"),
        .port = port("STATUS_PORT", 8080)
    };
    options.telemetry.prometheus_address =
        variable("LISTEN_ADDRESS", "127.0.0.1") + ":" + std::to_string(port("METRICS_PORT", 9090));

    // Of which version it is, where versions are told apart. Temporal's worker controller for
    // Kubernetes sets these two.
    if (const auto deployment = variable("TEMPORAL_DEPLOYMENT_NAME"); !deployment.empty()) {
        options.default_worker.deployment = hg::WorkerDeploymentOptions{
            .version =
                {.deployment_name = deployment, .build_id = variable("TEMPORAL_WORKER_BUILD_ID")}
        };
    }
    return options;
}
// [options]

auto secrets_of(const hg::ClientOptions& options) {
    const hg::TlsOptions tls = options.tls.value_or(hg::TlsOptions{});
    return std::tuple{
        tls.server_root_ca, tls.client_certificate, tls.client_private_key, options.api_key
    };
}

// [renewal]
/// Reads the profile and its files again and again, and takes what was renewed there.
void renew_credentials(
    const std::stop_token& stop,
    hg::Application& app,
    hg::ClientOptions known,
    std::chrono::seconds interval
) {
    std::mutex mutex;
    std::unique_lock lock{mutex};
    std::condition_variable_any stopped;
    while (!stopped.wait_for(lock, stop, interval, [&stop] { return stop.stop_requested(); })) {
        try {
            hg::ClientOptions now = client_of_environment();
            if (secrets_of(now) != secrets_of(known)) {
                app.replace_credentials({.tls = now.tls, .api_key = now.api_key});
                known = std::move(now);
            }
        } catch (const std::exception& error) {
            // Half written, or not taken by the server yet: the old ones stay until the next try.
            hg::log::warn("the renewed credentials are not taken", {{"reason", error.what()}});
        }
    }
}
// [renewal]

}  // namespace

// [main]
int main() {
    try {
        const hg::ApplicationOptions options = options_of_environment();
        const std::chrono::seconds interval{number("CREDENTIALS_INTERVAL", 60, 86'400)};
        hg::Application app{options};
        const std::jthread renewal{renew_credentials, std::ref(app), options.client, interval};
        app.run();  // until SIGINT or SIGTERM
        return 0;
    } catch (const hg::ConfigurationError& error) {
        std::cerr << error.what() << std::endl;
        return 78;  // EX_CONFIG: starting it again changes nothing
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 70;  // EX_SOFTWARE
    }
}
// [main]
