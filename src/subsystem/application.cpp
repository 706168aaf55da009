#include "hourglass/subsystem/application.hpp"

#include "hourglass/base/log.hpp"
#include "hourglass/worker/errors.hpp"
#include "src/client/callback_pool.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/make_client.hpp"
#include "src/client/rpc_errors.hpp"
#include "src/client/with_credentials.hpp"
#include "src/subsystem/bridge_holder.hpp"
#include "src/subsystem/client_channel.hpp"
#include "src/subsystem/living_tree.hpp"
#include "src/subsystem/plugins.hpp"
#include "src/subsystem/stop_signals.hpp"
#include "src/subsystem/worker_launcher.hpp"
#include "src/worker/worker_link.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <thread>
#include <utility>

namespace hourglass {
namespace {

using namespace std::chrono_literals;
using supervision::ChildReport;
using supervision::ExitReason;
using supervision::Pid;
using supervision::Reply;
using supervision::SupervisorBase;

// A cascade that takes longer is none.
constexpr std::chrono::seconds kCascade{60};
constexpr std::chrono::milliseconds kLookAgain{10};
// One whose handler blocks ends later.
constexpr std::chrono::seconds kDeath{1};

Pid find(const std::vector<ChildReport>& children, std::string_view id) {
    for (const ChildReport& child : children) {
        if (child.id == id && child.pid) {
            return child.pid;
        }
        if (Pid below = find(child.children, id)) {
            return below;
        }
    }
    return {};
}

/// Finds the meter at each measurement, since a fork gives the program another one.
class ProgramRecorder final : public detail::MetricRecorder {
public:
    explicit ProgramRecorder(std::shared_ptr<subsystem::LivingTree> living)
        : living_{std::move(living)} {}

    void record(
        const detail::MetricInstrument& instrument, const MetricAttributes& attributes, double value
    ) override {
        if (const auto tree = living_->find()) {
            tree->meter().record(instrument, attributes, value);
        }
    }

private:
    const std::shared_ptr<subsystem::LivingTree> living_;
};

}  // namespace

struct Application::Impl {
    explicit Impl(ApplicationOptions options)
        : living{std::make_shared<subsystem::LivingTree>(subsystem::configured(std::move(options)))
          } {
        if (living->options().start_runtime) {
            client = detail::make_client(
                std::make_shared<subsystem::ClientChannel>(living), living->options().client
            );
        }
    }

    /// Asks a process of the tree, and again its successor if a cascade comes between.
    /// @param whom  gives its current incarnation.
    /// @param what  the text of the error if the tree has ended.
    template <class R, class Whom, class Ask>
    R ask(Whom whom, const char* what, Ask ask) const {
        const auto directory = living->directory();
        const auto give_up = std::chrono::steady_clock::now() + kCascade;
        while (true) {
            try {
                return whom(*directory).template call_async<R>(ask, supervision::kInfinity).get();
            } catch (const supervision::CallError& error) {
                if (directory->client_calls.ended()) {
                    throw SubsystemGaveUpError{
                        std::string{what} + ": the supervision tree has ended"
                    };
                }
                if (std::chrono::steady_clock::now() > give_up) {
                    throw;
                }
                log::debug("a cascade came between; asking again", {{"reason", error.what()}});
            }
            std::this_thread::sleep_for(kLookAgain);
        }
    }
    template <class Ask>
    void ask_launcher(Ask ask) const {
        this->ask<void>(
            [](const subsystem::Directory& directory) { return directory.launcher.get(); },
            "the workers cannot be changed",
            std::move(ask)
        );
    }

    // Shared with the clients, which may outlive the application.
    std::shared_ptr<subsystem::LivingTree> living;
    // The one that all are copies of: made once, so that it knows the process it comes from.
    std::optional<Client> client;
};

Application::Application(ApplicationOptions options)
    : impl_{std::make_unique<Impl>(std::move(options))} {}

Application::~Application() {
    impl_->living->close();
}

Client Application::client() const {
    if (!impl_->client) {
        throw ConfigurationError{
            "this Application has no client, because ApplicationOptions::start_runtime is off"
        };
    }
    return *impl_->client;
}

void Application::replace_credentials(Credentials credentials) {
    if (!impl_->client) {
        throw ConfigurationError{
            "there are no credentials to replace, because ApplicationOptions::start_runtime is off"
        };
    }
    const auto options = client::with_credentials(impl_->living->options().client, credentials);
    detail::validate(options);
    const auto replaced = impl_->ask<core::VoidResult>(
        [](const subsystem::Directory& directory) { return directory.bridge_holder.get(); },
        "the credentials cannot be replaced",
        [credentials](subsystem::BridgeHolder& holder, Reply<core::VoidResult> reply) {
            holder.replace_credentials(credentials, std::move(reply));
        }
    );
    if (!replaced) {
        std::rethrow_exception(client::to_exception(
            {.address = options.address,
             .namespace_name = options.namespace_,
             .action = "connect with the new credentials"},
            client::to_rpc_failure(replaced.error())
        ));
    }
}

void Application::replace_headers(std::map<std::string, std::string> headers) {
    if (!impl_->client) {
        throw ConfigurationError{
            "there are no headers to replace, because ApplicationOptions::start_runtime is off"
        };
    }
    auto options = impl_->living->options().client;
    options.headers = headers;
    detail::validate(options);
    impl_->ask<void>(
        [](const subsystem::Directory& directory) { return directory.bridge_holder.get(); },
        "the headers cannot be replaced",
        [headers](subsystem::BridgeHolder& holder, Reply<void> reply) {
            holder.replace_headers(headers);
            reply.send();
        }
    );
}

void Application::start_worker(WorkerOptions options) {
    // First the tree: a forked child's makes the isolation server that the options may ask for.
    static_cast<void>(impl_->living->directory());
    options = subsystem::configured(std::move(options), impl_->living->options());
    options.validate();
    if (!impl_->living->options().start_runtime) {
        throw ConfigurationError{
            "no worker can be started, because ApplicationOptions::start_runtime is off"
        };
    }
    const auto ticket = impl_->living->book().next_ticket();
    impl_->ask_launcher([options, ticket](subsystem::WorkerLauncher& launcher, Reply<void> reply) {
        launcher.start_worker(options, ticket, std::move(reply));
    });
}

void Application::stop_worker(const std::string& task_queue) {
    if (!impl_->living->book().contains(task_queue)) {
        throw WorkerNotRunningError{task_queue};
    }
    impl_->ask_launcher([task_queue](subsystem::WorkerLauncher& launcher, Reply<void> reply) {
        launcher.stop_worker(task_queue, std::move(reply));
    });
}

void Application::on_worker_lost(std::function<void(const std::string& task_queue)> callback) {
    impl_->living->book().on_lost(std::move(callback));
}

bool Application::wait_until_polling(
    const std::string& task_queue, std::chrono::milliseconds timeout
) const {
    const auto directory = impl_->living->directory();
    // "For ever" may be asked for, and would overflow the clock.
    const auto deadline =
        std::chrono::steady_clock::now() + std::min(timeout, client::kLongestWait);
    const auto left = [&] { return std::max(deadline - std::chrono::steady_clock::now(), 0ns); };
    while (left() > 0ns) {
        try {
            const Pid link =
                directory->registry.get()
                    .call(
                        [&](supervision::Registry& names) { return names.find(task_queue); }, left()
                    )
                    .get();
            if (link) {
                const auto registration = link.as<worker::WorkerLink>()
                                              .call_async<std::shared_ptr<worker::Registration>>(
                                                  &worker::WorkerLink::when_registered, left()
                                              )
                                              .get();
                if (!registration->revoked() && !registration->shutting_down()) {
                    return true;
                }
            }
        } catch (const supervision::CallError& error) {
            // A cascade is going on: look again until the time is up.
            log::debug("not polling yet", {{"reason", error.what()}});
        }
        std::this_thread::sleep_for(kLookAgain);
    }
    return false;
}

std::vector<ChildReport> Application::which_children() const {
    for (ChildReport& child : tree().children) {
        if (child.id == "Subsystem") {
            return std::move(child.children);
        }
    }
    return {};
}

supervision::SupervisorReport Application::tree() const {
    return SupervisorBase::report(impl_->living->get()->nodes().root()).get();
}

std::string Application::tree_text() const {
    return supervision::tree_text(tree());
}

std::string Application::status_page_address() const {
    return impl_->living->get()->status_page_address();
}

Counters Application::counters() const {
    return impl_->living->get()->counters();
}

MetricMeter Application::meter() const {
    if (!impl_->living->get()->meter().is_on()) {
        return {};
    }
    return MetricMeter{std::make_shared<ProgramRecorder>(impl_->living)};
}

std::string Application::prometheus_address() const {
    return impl_->living->get()->prometheus_address();
}

bool Application::kill(std::string_view child_id) {
    const auto tree_here = impl_->living->get();
    const Pid node = find(tree().children, child_id);
    if (!node.exit(ExitReason::kill())) {
        return false;
    }
    // Whoever looks at the tree next sees that it is gone, or what came after it.
    static_cast<void>(tree_here->ended(node).wait_for(kDeath));
    return true;
}

void Application::run() {
    const auto tree = impl_->living->get();
    subsystem::StopSignals signals;
    const Future<void> stop_requested = tree->stop_requested();
    const Future<ExitReason> ended = tree->vital_node_ended();
    stop_requested.on_ready(signals.waker());
    ended.on_ready(signals.waker());
    while (!stop_requested.ready() && !ended.ready()) {
        if (const int number = signals.wait()) {
            log::info(
                "stopping; a second signal ends the program at once",
                {{"signal", std::to_string(number)}}
            );
            break;
        }
    }
    signals.stopping();
    const bool gave_up = ended.ready() && !stop_requested.ready();
    stop();
    if (gave_up) {
        throw SubsystemGaveUpError{
            "a part of the supervision tree gave up (" + tree->vital_node().name() +
            "): " + ended.get().text()
        };
    }
}

void Application::stop() {
    impl_->living->stop();
}

}  // namespace hourglass
