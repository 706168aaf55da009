#include "src/subsystem/bridge_holder.hpp"

#include "hourglass/base/log.hpp"
#include "src/client/callback_pool.hpp"
#include "src/client/core_channel.hpp"
#include "src/client/unreachable.hpp"
#include "src/client/with_credentials.hpp"
#include "src/subsystem/runtime.hpp"
#include "src/worker/core_options.hpp"
#include "src/worker/task_coding.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace hourglass::subsystem {
namespace {

using supervision::Answer;
using supervision::ExitReason;
using worker::Registration;

std::uint64_t next_registration_id() {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

}  // namespace

BridgeHolder::BridgeHolder(Options options) : options_{std::move(options)} {}

BridgeHolder::~BridgeHolder() {
    options_.directory->connection.tried_anew();
    for (const auto& [id, entry] : registrations_) {
        reap(entry.registration, [] {});
    }
}

void BridgeHolder::init() {
    trap_exit(true);
    options_.directory->bridge_holder.set(ref_to(*this));
    const auto runtime = options_.directory->runtime.get();
    runtime_process_ = monitor(runtime.pid());
    request(runtime, &Runtime::resource, [this](Answer<std::shared_ptr<core::Runtime>> answer) {
        if (!answer) {
            stop(ExitReason::named("no_runtime", answer.error_text()));
            return;
        }
        runtime_ = std::move(answer).value();
        connect();
        try_replacement();
    });
}

void BridgeHolder::open_connection(
    const ClientOptions& options, UniqueFunction<void(BridgeHolder&, ConnectResult)> then
) {
    options_.connect(
        runtime_,
        client::connect_options(options),
        [me = ref_to(*this), then = std::move(then)](ConnectResult result) mutable {
            me.cast([result = std::move(result),
                     then = std::move(then)](BridgeHolder& holder) mutable {
                if (result) {
                    holder.show_headers(**result);  // they may have changed meanwhile
                    std::erase_if(holder.opened_, [](const auto& each) { return each.expired(); });
                    holder.opened_.push_back(*result);
                }
                then(holder, std::move(result));
            });
        }
    );
}

void BridgeHolder::connect() {
    open_connection(
        client_options(),
        [credentials = credentials_](BridgeHolder& holder, ConnectResult result) {
            holder.connected(std::move(result), credentials);
        }
    );
}

void BridgeHolder::connected(ConnectResult result, std::uint64_t credentials) {
    if (!result && result.error().status == core::Status::StaleHandle) {
        report_stale_handle(result.error().message);
        return;
    }
    if (credentials != credentials_) {
        return;  // those that took their place have connected
    }
    if (!result) {
        const auto wait = backoff_.next();
        std::string reason = std::move(result.error().message);
        client::name_proxy(options_.client.http_proxy, reason);
        outage_.failed(reason, wait, {{"address", options_.client.address}});
        options_.directory->connection.failed(std::move(reason));
        send_after(wait, [this] {
            if (!connection_) {
                connect();
            }
        });
        return;
    }
    use_connection(*std::move(result));
}

void BridgeHolder::use_connection(std::shared_ptr<core::Connection> connection) {
    outage_.works({{"address", options_.client.address}});
    backoff_.reset();
    connection_ = std::move(connection);
    options_.directory->connection.works(connection_);
    for (auto& request : std::exchange(waiting_, {})) {
        register_worker(std::move(request.options), request.owner, std::move(request.reply));
    }
}

void BridgeHolder::replace_credentials(
    Credentials credentials, supervision::Reply<core::VoidResult> reply
) {
    replacements_.push_back({std::move(credentials), std::move(reply)});
    try_replacement();
}

void BridgeHolder::replace_headers(std::map<std::string, std::string> headers) {
    options_.directory->credentials->set_headers(std::move(headers));
    for (const auto& each : opened_) {
        if (const auto connection = each.lock()) {
            show_headers(*connection);
        }
    }
}

void BridgeHolder::show_headers(const core::Connection& connection) const {
    client::show_headers(connection, client_options());
}

void BridgeHolder::try_replacement() {
    if (!runtime_ || replacing_ != 0 || replacements_.empty()) {
        return;
    }
    const auto options =
        client::with_credentials(client_options(), replacements_.front().credentials);
    const auto number = ++last_try_;
    replacing_ = number;
    open_connection(options, [number](BridgeHolder& holder, ConnectResult result) {
        if (number != holder.replacing_) {
            return;
        }
        if (!result && result.error().status == core::Status::StaleHandle) {
            holder.report_stale_handle(result.error().message);
            return;  // whoever asked asks the successor
        }
        if (!result) {
            if (result.error().status == core::Status::ConnectFailed) {
                client::name_proxy(holder.options_.client.http_proxy, result.error().message);
            }
            holder.replaced(failure(std::move(result.error())));
            return;
        }
        ++holder.credentials_;
        holder.options_.directory->credentials->set(holder.replacements_.front().credentials);
        holder.use_connection(*std::move(result));
        holder.move_workers();
        log::info(
            "the credentials were replaced, and the connection with them",
            {{"address", holder.options_.client.address}}
        );
        holder.replaced(core::VoidResult{});
    });
    send_after(options_.client.rpc_timeout, [this, number] {
        if (number == replacing_) {
            replaced(failure(core::CallError{
                .status = core::Status::Timeout, .message = "the server did not answer in time"
            }));
        }
    });
}

void BridgeHolder::replaced(core::VoidResult result) {
    replacing_ = 0;
    auto reply = std::move(replacements_.front().reply);
    replacements_.pop_front();
    reply.send(std::move(result));
    try_replacement();
}

void BridgeHolder::move_workers() {
    // Of a queue that has two the older one is on its way out: Core takes one of them on a
    // connection.
    std::unordered_map<std::string, std::shared_ptr<Registration>> newest;
    for (const auto& [id, entry] : registrations_) {
        auto& known = newest[entry.registration->task_queue()];
        if (!known || known->id() < id) {
            known = entry.registration;
        }
    }
    for (const auto& [queue, registration] : newest) {
        if (registration->shutting_down()) {
            continue;
        }
        if (const auto moved = registration->replace_connection(connection_); !moved) {
            log::error(
                "a worker cannot go over to the new connection; it is registered anew",
                {{"task_queue", queue}, {"reason", moved.error().message}}
            );
            drop(registration->id());
        }
    }
}

void BridgeHolder::register_worker(
    WorkerOptions options, supervision::Pid owner, supervision::Reply<worker::RegisterResult> reply
) {
    Request request{std::move(options), std::move(owner), std::move(reply)};
    if (!connection_) {
        waiting_.push_back(std::move(request));
        return;
    }
    if (in_use(request.options.task_queue)) {
        // Core refuses a second worker of the queue on this connection until the first is
        // finalized, and that waits for the work that its owner has in hand or left behind. The
        // successor does not: it gets a connection of its own.
        open_connection(
            client_options(),
            [request = std::move(request),
             credentials = credentials_](BridgeHolder& holder, ConnectResult result) mutable {
                if (credentials != holder.credentials_) {
                    holder.register_worker(
                        std::move(request.options), request.owner, std::move(request.reply)
                    );
                } else if (!result) {
                    request.reply.send(failure(std::move(result.error())));
                } else {
                    holder.create_worker(*std::move(result), std::move(request));
                }
            }
        );
        return;
    }
    create_worker(connection_, std::move(request));
}

void BridgeHolder::create_worker(std::shared_ptr<core::Connection> connection, Request request) {
    auto created = core::CoreWorker::create(
        std::move(connection), worker::core_options(options_.client.namespace_, request.options)
    );
    if (!created) {
        request.reply.send(failure(std::move(created.error())));
        return;
    }
    auto worker = *std::move(created);
    auto registration = std::make_shared<Registration>(
        next_registration_id(),
        std::make_shared<const WorkerOptions>(request.options),
        worker,
        options_.late,
        worker::TaskCoding::make(
            options_.client.data,
            options_.client.namespace_,
            [](worker::TaskCoding::Job job) { client::CallbackPool::codecs().post(std::move(job)); }
        )
    );
    registrations_.emplace(registration->id(), Entry{registration, monitor(request.owner)});
    worker->validate([me = ref_to(*this),
                      registration,
                      request = std::move(request)](core::VoidResult result) mutable {
        me.cast([registration = std::move(registration),
                 request = std::move(request),
                 result = std::move(result)](BridgeHolder& holder) mutable {
            holder.validated(std::move(registration), std::move(request), result);
        });
    });
}

void BridgeHolder::validated(
    std::shared_ptr<Registration> registration, Request request, const core::VoidResult& result
) {
    if (result) {
        request.reply.send(std::move(registration));
        return;
    }
    drop(registration->id());
    request.reply.send(failure(result.error()));
}

void BridgeHolder::unregister_worker(
    const std::shared_ptr<Registration>& registration, supervision::Reply<void> reply
) {
    const auto entry = registrations_.find(registration->id());
    if (entry == registrations_.end()) {
        reply.send();
        return;
    }
    demonitor(entry->second.owner);
    registrations_.erase(entry);
    auto shared = std::make_shared<supervision::Reply<void>>(std::move(reply));
    reap(registration, [shared] { shared->send(); });
}

void BridgeHolder::handle_down(
    supervision::MonitorRef monitor, const supervision::Pid& /*process*/, const ExitReason& reason
) {
    if (monitor == runtime_process_) {
        // Not only when the supervisor comes to this child: the workers before it in the order of
        // stopping would wait for what they have in hand. Now their registrations end at once.
        stop(ExitReason::named("no_runtime").caused_by(reason));
        return;
    }
    for (const auto& [id, entry] : registrations_) {
        if (entry.owner == monitor) {
            log::info(
                "a worker ended without unregistering; its registration ends with it",
                {{"task_queue", entry.registration->task_queue()}, {"reason", reason.text()}}
            );
            drop(id);
            return;
        }
    }
}

void BridgeHolder::handle_stop(const ExitReason& reason) {
    while (!registrations_.empty()) {  // of workers that did not end in their time
        drop(registrations_.begin()->first);
    }
    when_ready(options_.directory->reapings.none(), [this, reason](const Answer<void>&) {
        stop(reason);
    });
    send_after(kFinalize, [this, reason] {
        log::warn("Core has not finalized its workers in time; the runtime ends without");
        stop(reason);
    });
}

void BridgeHolder::handle_exit(const supervision::Pid& /*from*/, const ExitReason& reason) {
    if (!reason.is_normal()) {
        stop(reason);
    }
}

void BridgeHolder::drop(std::uint64_t registration_id) {
    const auto entry = registrations_.find(registration_id);
    if (entry == registrations_.end()) {
        return;
    }
    demonitor(entry->second.owner);
    const auto registration = std::move(entry->second.registration);
    registrations_.erase(entry);
    reap(registration, [] {});
}

void BridgeHolder::reap(
    const std::shared_ptr<Registration>& registration, std::function<void()> done
) {
    auto left = registration->revoke();
    if (!left) {
        done();
        return;
    }
    options_.registration_ended(registration->id());
    for (auto& task : left->undelivered) {
        if (task->kind() == worker::TaskKind::Activity) {
            options_.late.run(std::move(task));
        }  // what the others are known by is in the reaper's order, which answers them
    }
    const std::string& queue = registration->task_queue();
    ++reaping_[queue];
    options_.directory->reapings.begun();
    core::Reaper::reap(
        {.worker = std::move(left->worker),
         .run_ids = std::move(left->run_ids),
         .task_tokens = std::move(left->task_tokens),
         .nexus_tokens = std::move(left->nexus_tokens),
         .on_activity =
             [registration, run = options_.late.run](core::OwnedBytes task) {
                 run(std::make_shared<worker::TaskLease>(
                     registration, worker::TaskKind::Activity, std::move(task)
                 ));
             }},
        [me = ref_to(*this), directory = options_.directory, queue, done = std::move(done)] {
            me.cast([queue](BridgeHolder& holder) { holder.reaped(queue); });
            directory->reapings.ended();
            done();
        }
    );
}

bool BridgeHolder::in_use(const std::string& task_queue) const {
    return reaping_.contains(task_queue) ||
           std::ranges::any_of(registrations_, [&](const auto& entry) {
               return entry.second.registration->task_queue() == task_queue;
           });
}

void BridgeHolder::reaped(const std::string& task_queue) {
    log::debug("a worker of Core's is finalized", {{"task_queue", task_queue}});
    if (--reaping_[task_queue] == 0) {
        reaping_.erase(task_queue);
    }
}

void BridgeHolder::report_stale_handle(const std::string& detail) {
    if (!runtime_ || !runtime_->is_stale()) {
        return;  // late, about handles that have all been made again
    }
    const auto runtime = options_.directory->runtime.get();
    // Clients must not find it any more, and report it again to the successor of this process.
    options_.directory->connection.drop();
    log::error(
        "a bridge handle is stale; every handle of the process is dropped and made again",
        {{"detail", detail}}
    );
    runtime.exit(ExitReason::named(kBridgeReloaded, detail));
}

}  // namespace hourglass::subsystem
