#include "hourglass/testing/workflow_environment.hpp"

#include "hourglass/base/error.hpp"
#include "hourglass/raw.hpp"
#include "src/testing/server_process.hpp"
#include "src/testing/time_skipping.hpp"

#include <optional>
#include <thread>
#include <utility>

namespace hourglass::testing {
namespace {

ServerCommand dev_server(const ServerOptions& options) {
    return {
        .program = options.program.empty() ? "temporal" : options.program,
        .workflow_namespace = options.workflow_namespace,
        .arguments =
            [options](const std::string& port) {
                std::vector<std::string> arguments{
                    "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port
                };
                arguments.insert(
                    arguments.end(),
                    {"--log-level", "warn", "--namespace", options.workflow_namespace}
                );
                arguments.insert(
                    arguments.end(), options.arguments.begin(), options.arguments.end()
                );
                return arguments;
            },
        // A list needs the front end, the namespace and the visibility store.
        .ask =
            [](const Client& client) {
                static_cast<void>(client.list_workflows({}, {.page_size = 1}).page_async().get());
            },
        .start_within = options.start_within
    };
}

ServerCommand test_server(const ServerOptions& options) {
    return {
        .program = options.program.empty() ? "temporal-test-server" : options.program,
        .workflow_namespace = options.workflow_namespace,
        .arguments =
            [options](const std::string& port) {
                // Not --enable-time-skipping: that is "from the start, and all the time".
                std::vector<std::string> arguments{port};
                arguments.insert(
                    arguments.end(), options.arguments.begin(), options.arguments.end()
                );
                return arguments;
            },
        .ask = [](const Client& client
               ) { static_cast<void>(raw_call(client, "test", "GetCurrentTime", {})); },
        .start_within = options.start_within
    };
}

}  // namespace

struct WorkflowEnvironment::Impl {
    // Declared first, so that it ends last.
    std::unique_ptr<ServerProcess> server;
    ClientOptions options;
    std::shared_ptr<TimeSkipping> time;
    std::optional<Client> client;
};

WorkflowEnvironment::WorkflowEnvironment(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
WorkflowEnvironment::WorkflowEnvironment(WorkflowEnvironment&&) noexcept = default;
WorkflowEnvironment& WorkflowEnvironment::operator=(WorkflowEnvironment&&) noexcept = default;
WorkflowEnvironment::~WorkflowEnvironment() = default;

WorkflowEnvironment WorkflowEnvironment::local(ServerOptions options) {
    auto impl = std::make_unique<Impl>();
    impl->server = start_server(dev_server(options));
    impl->options = {
        .address = impl->server->address,
        .namespace_ = std::move(options.workflow_namespace),
        .data = std::move(options.data)
    };
    impl->client = Client::connect(impl->options);
    return WorkflowEnvironment{std::move(impl)};
}

WorkflowEnvironment WorkflowEnvironment::time_skipping(ServerOptions options) {
    auto impl = std::make_unique<Impl>();
    impl->server = start_server(test_server(options));
    impl->options = {
        .address = impl->server->address,
        .namespace_ = std::move(options.workflow_namespace),
        .data = std::move(options.data)
    };
    impl->time = std::make_shared<TimeSkipping>(Client::connect(impl->options));
    impl->client = skipping_client(impl->options, impl->time);
    return WorkflowEnvironment{std::move(impl)};
}

WorkflowEnvironment WorkflowEnvironment::existing(ClientOptions options) {
    auto impl = std::make_unique<Impl>();
    impl->client = Client::connect(options);
    impl->options = std::move(options);
    return WorkflowEnvironment{std::move(impl)};
}

const Client& WorkflowEnvironment::client() const {
    return *impl_->client;
}

const ClientOptions& WorkflowEnvironment::client_options() const {
    return impl_->options;
}

ApplicationOptions WorkflowEnvironment::application_options() const {
    return {.client = impl_->options};
}

bool WorkflowEnvironment::skips_time() const {
    return impl_->time != nullptr;
}

void WorkflowEnvironment::sleep(std::chrono::nanoseconds duration) const {
    if (impl_->time) {
        impl_->time->sleep(duration);
    } else {
        std::this_thread::sleep_for(duration);
    }
}

std::chrono::system_clock::time_point WorkflowEnvironment::current_time() const {
    return impl_->time ? impl_->time->now() : std::chrono::system_clock::now();
}

}  // namespace hourglass::testing
