#include "hourglass/testing/replayer.hpp"

#include "hourglass/workflow/catalog.hpp"
#include "src/client/plugins.hpp"
#include "src/testing/history_files.hpp"
#include "src/testing/replay_worker.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace hourglass::testing {
namespace {

/// A history that is yet to be read or fetched; whatever that throws is the history's failure.
struct Source {
    /// What is known without it.
    ReplayResult name;
    std::function<WorkflowHistory()> load;
};
using NextSource = std::function<std::optional<Source>()>;

ReplayResult unreadable(ReplayResult result, const std::string& why) {
    result.failure = ReplayFailure{
        .problem = ReplayProblem::UnreadableHistory,
        .message = why,
        .advice = "download it again: `temporal workflow show --workflow-id ID --output json`"
    };
    return result;
}

ReplayResult replay_source(
    ReplayWorker& worker, Source source, const std::string& workflow_namespace
) {
    std::optional<WorkflowHistory> history;
    try {
        history = source.load();
    } catch (const std::exception& error) {
        return unreadable(std::move(source.name), error.what());
    }
    ReplayResult result = worker.replay(*history, workflow_namespace);
    result.source = std::move(source.name.source);
    return result;
}

/// What the lanes of one call share: where histories come from, and where results go, in the
/// histories' order.
class Batch {
public:
    Batch(
        NextSource next,
        std::string workflow_namespace,
        const std::function<void(const ReplayResult&)>& on_result
    )
        : next_{std::move(next)},
          workflow_namespace_{std::move(workflow_namespace)},
          on_result_{on_result} {}

    /// Replays until there is nothing more, or something went wrong that is no history's fault.
    void work(ReplayWorker& worker) {
        try {
            while (auto taken = take()) {
                auto& [index, source] = *taken;
                put(index, replay_source(worker, std::move(source), workflow_namespace_));
            }
        } catch (...) {
            const std::lock_guard lock{mutex_};
            error_ = std::current_exception();
        }
    }

    std::vector<ReplayResult> results() {
        if (error_) {
            std::rethrow_exception(error_);
        }
        std::vector<ReplayResult> results;
        results.reserve(results_.size());
        for (auto& result : results_) {
            results.push_back(std::move(*result));
        }
        return results;
    }

private:
    std::optional<std::pair<std::size_t, Source>> take() {
        const std::lock_guard lock{mutex_};
        if (error_) {
            return std::nullopt;
        }
        auto source = next();
        if (!source) {
            return std::nullopt;
        }
        results_.emplace_back();
        return std::pair{results_.size() - 1, *std::move(source)};
    }

    /// The next one; if nobody can say which that is, and there are results, a last one that fails
    /// with it: what was found out by then is worth something.
    std::optional<Source> next() {
        if (broken_off_) {
            return std::nullopt;
        }
        try {
            return next_();
        } catch (...) {
            if (results_.empty()) {
                throw;
            }
            broken_off_ = true;
            return Source{
                .name = {.source = "the list of executions"},
                .load = [error = std::current_exception(),
                         count = results_.size()]() -> WorkflowHistory {
                    try {
                        std::rethrow_exception(error);
                    } catch (const std::exception& why) {
                        throw ConfigurationError{
                            "it broke off after " + std::to_string(count) +
                            ", and what comes after them was not replayed: " + why.what()
                        };
                    }
                }
            };
        }
    }

    void put(std::size_t index, ReplayResult result) {
        const std::lock_guard lock{mutex_};
        if (on_result_) {
            on_result_(result);
        }
        results_[index] = std::move(result);
    }

    std::mutex mutex_;
    NextSource next_;
    const std::string workflow_namespace_;
    const std::function<void(const ReplayResult&)>& on_result_;
    std::vector<std::optional<ReplayResult>> results_;
    std::exception_ptr error_;
    bool broken_off_ = false;
};

std::shared_ptr<core::Runtime> make_runtime() {
    // Its log would tell of each failure a second time, in words of its own.
    auto made = core::Runtime::create({.driven = true, .worker_heartbeat_interval = {}});
    if (!made) {
        throw ConfigurationError{"cannot start Temporal Core to replay: " + made.error().message};
    }
    return *std::move(made);
}

/// The options as their plugins leave them.
ReplayOptions configured(ReplayOptions options) {
    const auto plugins = std::exchange(options.plugins, {});
    client::check_plugins(plugins, "ReplayOptions::plugins");
    for (const auto& plugin : plugins) {
        plugin->configure_replayer(options);
    }
    return options;
}

}  // namespace

struct Replayer::Impl {
    explicit Impl(ReplayOptions given)
        : options{configured(std::move(given))},
          lanes{
              options.parallel != 0 ? options.parallel
                                    : std::max(1U, std::thread::hardware_concurrency())
          } {
        if (options.silence_limit <= std::chrono::milliseconds::zero()) {
            throw ConfigurationError{
                "ReplayOptions::silence_limit is " + std::to_string(options.silence_limit.count()) +
                " ms, expected more than 0"
            };
        }
        for (const auto& each : options.interceptors) {
            if (!each) {
                throw ConfigurationError{
                    "one of ReplayOptions::interceptors is null; leave it out of the list"
                };
            }
        }
        workflow::Catalog::process().check();
    }

    ReplayWorker& lane(std::size_t index) {
        while (workers.size() <= index) {
            workers.push_back(std::make_unique<ReplayWorker>(make_runtime(), options));
        }
        return *workers[index];
    }

    /// @param at_most  as many lanes as there is work for.
    ReplayReport replay(NextSource next, std::size_t at_most, std::string workflow_namespace) {
        Batch batch{std::move(next), std::move(workflow_namespace), options.on_result};
        const std::size_t count = std::clamp<std::size_t>(at_most, 1, lanes);
        lane(count - 1);
        {
            std::vector<std::jthread> others;
            for (std::size_t index = 1; index < count; ++index) {
                others.emplace_back([&batch, &worker = lane(index)] { batch.work(worker); });
            }
            batch.work(lane(0));
        }
        return ReplayReport{batch.results()};
    }

    const ReplayOptions options;
    const unsigned lanes;
    std::vector<std::unique_ptr<ReplayWorker>> workers;
};

Replayer::Replayer(ReplayOptions options) : impl_{std::make_unique<Impl>(std::move(options))} {}
Replayer::~Replayer() = default;

ReplayResult Replayer::replay(const WorkflowHistory& history) {
    ReplayResult result = impl_->lane(0).replay(history, impl_->options.workflow_namespace);
    if (impl_->options.on_result) {
        impl_->options.on_result(result);
    }
    return result;
}

ReplayReport Replayer::replay_all(std::vector<WorkflowHistory> histories) {
    const std::size_t count = histories.size();
    return impl_->replay(
        [&histories, next = std::size_t{0}]() mutable -> std::optional<Source> {
            if (next == histories.size()) {
                return std::nullopt;
            }
            WorkflowHistory& history = histories[next++];
            return Source{.name = {}, .load = [&history] { return std::move(history); }};
        },
        count,
        impl_->options.workflow_namespace
    );
}

ReplayReport Replayer::replay_files(const std::vector<std::filesystem::path>& files_and_folders) {
    const auto files = history_files(files_and_folders);
    return impl_->replay(
        [&files, next = std::size_t{0}]() mutable -> std::optional<Source> {
            if (next == files.size()) {
                return std::nullopt;
            }
            const auto& file = files[next++];
            return Source{.name = {.source = file.string()}, .load = [&file] {
                              return read_history(file);
                          }};
        },
        files.size(),
        impl_->options.workflow_namespace
    );
}

ReplayReport Replayer::replay_query(const Client& client, std::string query, std::size_t limit) {
    const WorkflowList list = client.list_workflows(std::move(query));
    std::optional<WorkflowList::Iterator> at;
    return impl_->replay(
        [&client, &list, &at, left = limit]() mutable -> std::optional<Source> {
            if (left == 0) {
                return std::nullopt;
            }
            --left;
            at ? static_cast<void>(++*at) : static_cast<void>(at.emplace(list.begin()));
            if (*at == std::default_sentinel) {
                left = 0;
                return std::nullopt;
            }
            const WorkflowExecution& found = **at;
            return Source{
                .name =
                    {.workflow_id = found.id, .run_id = found.run_id, .workflow_type = found.type},
                .load = [handle =
                             client.handle(found.id, found.run_id)] { return handle.history(); }
            };
        },
        limit,
        client.namespace_name()
    );
}

}  // namespace hourglass::testing
