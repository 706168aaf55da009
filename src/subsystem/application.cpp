#include "hourglass/subsystem/application.hpp"

#include "hourglass/activity/isolation.hpp"
#include "hourglass/base/log.hpp"
#include "hourglass/worker/errors.hpp"
#include "src/client/identity.hpp"
#include "src/client/make_client.hpp"
#include "src/subsystem/application_tree.hpp"
#include "src/subsystem/connection_channel.hpp"
#include "src/subsystem/status_page.hpp"
#include "src/subsystem/worker_launcher.hpp"
#include "src/worker/activities_of.hpp"
#include "src/worker/worker_link.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <cstdlib>
#include <mutex>
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

// The nodes' own limits come first, and two grace periods at most: the workers', and that of
// attempts which outlived theirs. This only bounds a tree in which a node is broken.
constexpr std::chrono::minutes kStopMargin{1};
// What a late report may take once everything else has ended.
constexpr std::chrono::seconds kLastReports{5};
// What Core may take to finalize the workers of a tree that did not end in order.
constexpr std::chrono::seconds kLastReapings{5};
// A cascade that takes longer is none.
constexpr std::chrono::seconds kCascade{60};
constexpr std::chrono::milliseconds kLookAgain{10};

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

ApplicationOptions resolved(ApplicationOptions options) {
    detail::validate(options.client);
    if (options.telemetry.measurement_interval <= 0ms) {
        throw ConfigurationError{
            "TelemetryOptions::measurement_interval is " +
            std::to_string(options.telemetry.measurement_interval.count()) +
            " ms; it must be more than 0"
        };
    }
    if (options.client.identity.empty()) {
        options.client.identity = client::default_identity();
    }
    if (options.start_runtime) {
        // Looked up once; whoever comes later finds them in the options.
        options.default_worker.activities = worker::activities_of(options.default_worker);
        if (options.default_worker.activities->any_isolated()) {
            // Before the tree's first thread: afterwards it would be too late.
            isolation::start();
        }
    }
    return options;
}

/// Null if there is to be none.
std::unique_ptr<subsystem::StatusPage> make_page(const StatusPageOptions& options) {
    return options.enabled ? std::make_unique<subsystem::StatusPage>(options) : nullptr;
}

/// Empty if there is nothing that it could call over.
std::optional<Client> make_client(
    const ApplicationOptions& options, const subsystem::ApplicationTree& tree
) {
    if (!options.start_runtime) {
        return std::nullopt;
    }
    return detail::make_client(
        std::make_shared<subsystem::ClientChannel>(tree.directory()), options.client
    );
}

}  // namespace

struct Application::Impl {
    explicit Impl(ApplicationOptions given)
        : options{resolved(std::move(given))},
          system{{.threads = options.threads}},
          tree{options, system, counters, meter},
          status{tree.status(system)} {
        if (page) {
            page->show(status);
        }
    }

    /// Asks the WorkerLauncher, and again its successor if a cascade comes between.
    template <class Ask>
    void ask_launcher(Ask ask) const {
        const auto give_up = std::chrono::steady_clock::now() + kCascade;
        while (true) {
            try {
                tree.directory()
                    ->launcher.get()
                    .call_async<void>(ask, supervision::kInfinity)
                    .get();
                return;
            } catch (const supervision::CallError& error) {
                if (tree.directory()->client_calls.ended()) {
                    throw SubsystemGaveUpError{
                        "the workers cannot be changed: the supervision tree has ended"
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

    ApplicationOptions options;
    // Takes its address before anything else starts: one that is not to be had ends it all here.
    std::unique_ptr<subsystem::StatusPage> page{make_page(options.status_page)};
    std::shared_ptr<subsystem::CounterBook> counters = std::make_shared<subsystem::CounterBook>();
    std::shared_ptr<subsystem::Meter> meter =
        std::make_shared<subsystem::Meter>(options.telemetry, counters);
    supervision::ThreadedSystem system;
    subsystem::ApplicationTree tree;
    std::shared_ptr<subsystem::TreeStatus> status;
    // One for all who ask: what they have to say about the server is then said once.
    std::optional<Client> client{make_client(options, tree)};
    std::mutex stop_mutex;
    bool stopped = false;
    Promise<void> stop_requested;
};

Application::Application(ApplicationOptions options)
    : impl_{std::make_unique<Impl>(std::move(options))} {}

Application::~Application() {
    stop();
}

Client Application::client() const {
    if (!impl_->client) {
        throw ConfigurationError{
            "this Application has no client, because ApplicationOptions::start_runtime is off"
        };
    }
    return *impl_->client;
}

void Application::start_worker(WorkerOptions options) {
    options.validate();
    if (!impl_->options.start_runtime) {
        throw ConfigurationError{
            "no worker can be started, because ApplicationOptions::start_runtime is off"
        };
    }
    const auto ticket = impl_->tree.book().next_ticket();
    impl_->ask_launcher([options, ticket](subsystem::WorkerLauncher& launcher, Reply<void> reply) {
        launcher.start_worker(options, ticket, std::move(reply));
    });
}

void Application::stop_worker(const std::string& task_queue) {
    if (!impl_->tree.book().contains(task_queue)) {
        throw WorkerNotRunningError{task_queue};
    }
    impl_->ask_launcher([task_queue](subsystem::WorkerLauncher& launcher, Reply<void> reply) {
        launcher.stop_worker(task_queue, std::move(reply));
    });
}

void Application::on_worker_lost(std::function<void(const std::string& task_queue)> callback) {
    impl_->tree.book().on_lost(std::move(callback));
}

bool Application::wait_until_polling(
    const std::string& task_queue, std::chrono::milliseconds timeout
) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    const auto left = [&] { return std::max(deadline - std::chrono::steady_clock::now(), 0ns); };
    while (left() > 0ns) {
        try {
            const Pid link =
                impl_->tree.directory()
                    ->registry.get()
                    .call(
                        [&](supervision::Registry& names) { return names.find(task_queue); }, left()
                    )
                    .get();
            if (link) {
                link.as<worker::WorkerLink>()
                    .call_async<std::shared_ptr<worker::Registration>>(
                        &worker::WorkerLink::when_registered, left()
                    )
                    .get();
                return true;
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
    return SupervisorBase::report(impl_->tree.root()).get();
}

std::string Application::tree_text() const {
    return supervision::tree_text(tree());
}

std::string Application::status_page_address() const {
    return impl_->page ? impl_->page->address() : std::string{};
}

Counters Application::counters() const {
    return impl_->counters->read();
}

std::string Application::prometheus_address() const {
    return impl_->meter->prometheus_address();
}

bool Application::kill(std::string_view child_id) {
    return find(tree().children, child_id).exit(ExitReason::kill());
}

void Application::run() {
    boost::asio::io_context io;
    boost::asio::signal_set signals{io, SIGINT, SIGTERM};
    signals.async_wait([&](const boost::system::error_code& error, int number) {
        if (!error) {
            log::info(
                "stopping; a second signal ends the program at once",
                {{"signal", std::to_string(number)}}
            );
            io.stop();
        }
    });
    const auto wake = [&io] { io.stop(); };
    const auto guard = boost::asio::make_work_guard(io);
    const Future<void> stop_requested = impl_->stop_requested.future();
    // The callbacks may come after `run` has returned, so they post to something that is shared.
    struct Waker {
        std::mutex mutex;
        std::function<void()> wake;
    };
    const auto waker = std::make_shared<Waker>();
    waker->wake = wake;
    const auto notify = [waker] {
        const std::lock_guard lock{waker->mutex};
        if (waker->wake) {
            waker->wake();
        }
    };
    stop_requested.on_ready(notify);
    const Pid watched =
        impl_->options.start_runtime ? impl_->tree.subsystem() : impl_->tree.root().pid();
    const Future<ExitReason> ended = impl_->system.ended(watched);
    ended.on_ready(notify);
    io.run();
    {
        const std::lock_guard lock{waker->mutex};
        waker->wake = nullptr;
    }
    io.restart();
    signals.async_wait([](const boost::system::error_code& error, int number) {
        if (!error) {
            std::_Exit(128 + number);
        }
    });
    std::jthread second_signal{[&io] { io.run(); }};
    const bool gave_up = ended.ready() && !stop_requested.ready();
    stop();
    io.stop();
    second_signal.join();
    if (gave_up) {
        throw SubsystemGaveUpError{
            "a part of the supervision tree gave up (" + watched.name() + "): " + ended.get().text()
        };
    }
}

void Application::stop() {
    const std::lock_guard lock{impl_->stop_mutex};
    if (std::exchange(impl_->stopped, true)) {
        return;
    }
    impl_->stop_requested.set_value();
    impl_->status->stopping();
    const auto limit = 2 * impl_->tree.book().longest_grace_period() + kStopMargin;
    impl_->system.stop(impl_->tree.root().pid(), ExitReason::shutdown(), limit).wait();
    // After the tree: while workers drain, which may take their whole grace period, people want to
    // see it and probes want an answer. Before the system: whoever is being answered gets it.
    if (impl_->page) {
        impl_->page->stop();
    }
    impl_->system.shutdown();
    impl_->tree.idle_processes().close();
    impl_->tree.services().late->wait_until_sent(kLastReports);
    if (!impl_->tree.directory()->reapings.none().wait_for(kLastReapings)) {
        log::warn("Core has not finalized its workers in time; they are left behind");
    }
    impl_->meter->close();  // behind everything that counts
    impl_->tree.directory()->connection.set(nullptr);
}

}  // namespace hourglass
