// A worker as it runs in production. What differs between a laptop, a cluster and Temporal Cloud
// comes from its environment: the program is the same. See docs/production.md.
#include <hourglass/client/profile.hpp>
#include <hourglass/hourglass.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

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

// [options]
hg::ApplicationOptions options_of_environment() {
    hg::ApplicationOptions options;
    // Where the server is and who asks: temporal.toml, and the variables TEMPORAL_…
    options.client = hg::load_profile({.strict = true}).client_options();
    options.default_worker.task_queue = variable("TASK_QUEUE", "invoices");

    // Less than the time that a pod has to end: twice this and 75 s.
    options.default_worker.graceful_shutdown_timeout = 30s;

    // For probes and for Prometheus, from outside of the pod.
    options.status_page = {
        .enabled = true,
        .address = variable("LISTEN_ADDRESS", "127.0.0.1"),
        .port = static_cast<std::uint16_t>(std::stoi(variable("STATUS_PORT", "8080")))
    };
    options.telemetry.prometheus_address =
        variable("LISTEN_ADDRESS", "127.0.0.1") + ":" + variable("METRICS_PORT", "9090");

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

}  // namespace

// [main]
int main() {
    try {
        hg::Application app{options_of_environment()};
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
