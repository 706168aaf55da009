#include "tests/conformance/harness/row.hpp"
#include "tests/support/nexus_endpoint.hpp"
#include <hourglass/testing/replayer.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace conformance::tracing {

/// What has begun, as "name <- name of what it is part of". What is tried again, as a workflow task
/// that calls an endpoint before the server knows it, begins the same span.
/// @threads any.
class Spans {
public:
    void add(const std::string& span) {
        const std::lock_guard lock{mutex_};
        spans_.insert(span);
    }
    [[nodiscard]] std::set<std::string> all() const {
        const std::lock_guard lock{mutex_};
        return spans_;
    }

private:
    mutable std::mutex mutex_;
    std::set<std::string> spans_;
};

constexpr const char* kHeader = "trace";

std::string parent_in(const hg::Headers& headers) {
    const auto found = headers.find(kHeader);
    return found == headers.end() ? "nothing" : hg::from_payload<std::string>(found->second);
}

/// The spans of one run. Its own numbers make the ids, so that a replay makes the same ones.
class InWorkflow final : public wf::WorkflowInterceptor {
public:
    explicit InWorkflow(std::shared_ptr<Spans> spans) : spans_{std::move(spans)} {}

    hg::Task<hg::Payload> execute(
        wf::ExecuteWorkflowCall call, hg::Next<wf::ExecuteWorkflowCall, hg::Task<hg::Payload>> next
    ) override {
        current_ = begin("run " + wf::info().workflow_type, parent_in(call.headers));
        return next(std::move(call));
    }
    hg::Task<void> handle_signal(
        wf::HandleSignalCall call, hg::Next<wf::HandleSignalCall, hg::Task<void>> next
    ) override {
        begin("handle " + call.name, parent_in(call.headers));
        return next(std::move(call));
    }
    void schedule_activity(wf::ScheduleActivityCall& call) override {
        call.headers[kHeader] = hg::to_payload(begin("schedule " + call.type, current_));
    }
    void start_child(wf::StartChildCall& call) override {
        call.headers[kHeader] = hg::to_payload(begin("start " + call.type, current_));
    }
    void start_nexus_operation(wf::StartNexusOperationCall& call) override {
        std::map<std::string, std::string> headers = call.options.headers;
        headers[kHeader] = begin("call " + call.operation, current_);
        call.options.headers = headers;
    }

private:
    std::string begin(const std::string& what, const std::string& parent) {
        const std::string span = what + " " + std::to_string(++begun_);
        if (!wf::is_replaying()) {
            spans_->add(span + " <- " + parent);
        }
        return span;
    }

    const std::shared_ptr<Spans> spans_;
    std::string current_ = "nothing";
    int begun_ = 0;
};

class Traces final : public hg::ClientInterceptor, public hg::WorkerInterceptor {
public:
    hg::Future<hg::WorkflowRef> start_workflow(
        hg::StartWorkflowCall call,
        hg::Next<hg::StartWorkflowCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        const std::string parent = of_operation_.empty() ? "nothing" : of_operation_;
        call.headers[kHeader] = hg::to_payload(begin("client starts " + call.type, parent));
        return next(std::move(call));
    }
    hg::Future<void> signal_workflow(
        hg::SignalWorkflowCall call, hg::Next<hg::SignalWorkflowCall, hg::Future<void>> next
    ) override {
        call.headers[kHeader] = hg::to_payload(begin("client signals " + call.signal, "nothing"));
        return next(std::move(call));
    }
    hg::activity::Task<hg::Payload> execute_activity(
        hg::activity::ExecuteActivityCall call,
        hg::Next<hg::activity::ExecuteActivityCall, hg::activity::Task<hg::Payload>> next
    ) override {
        begin("execute " + hg::activity::info().activity_type, parent_in(call.headers));
        return next(std::move(call));
    }
    hg::nexus::StartedOperation handle_nexus_start(
        hg::nexus::StartOperationCall call,
        hg::Next<hg::nexus::StartOperationCall, hg::nexus::StartedOperation> next
    ) override {
        const auto found = call.headers.find(kHeader);
        of_operation_ = begin(
            "handle " + hg::nexus::info().operation,
            found == call.headers.end() ? "nothing" : found->second
        );
        // Also if the rest throws: the thread then does something else.
        const std::shared_ptr<void> clears{nullptr, [](void*) { of_operation_.clear(); }};
        return next(std::move(call));
    }
    std::unique_ptr<wf::WorkflowInterceptor> workflow(const wf::WorkflowInfo& /*info*/) override {
        return std::make_unique<InWorkflow>(spans);
    }

    const std::shared_ptr<Spans> spans = std::make_shared<Spans>();

private:
    std::string begin(std::string span, const std::string& parent) {
        spans->add(span + " <- " + parent);
        return span;
    }

    /// Of the Nexus operation that this thread handles, if it handles one.
    static inline thread_local std::string of_operation_;
};

void traced() {}

class TracedChild {
public:
    hg::Task<void> run() { co_return; }
};

/// What the operation starts.
class TracedOrder {
public:
    hg::Task<void> run() { co_return; }
};

struct TracedShop {
    hg::nexus::Operation<void> order() {
        return hg::nexus::workflow_run<&TracedOrder::run>(
            {.id = "order-" + hg::nexus::info().request_id}
        );
    }
};

}  // namespace conformance::tracing

HOURGLASS_ACTIVITY(conformance::tracing::traced);
HOURGLASS_WORKFLOW(conformance::tracing::TracedChild, run);
HOURGLASS_WORKFLOW(conformance::tracing::TracedOrder, run);
HOURGLASS_NEXUS_SERVICE(conformance::tracing::TracedShop, operations(order), name("traced-shop"))

namespace conformance::tracing {

class Traced {
public:
    hg::Task<void> run(std::string endpoint) {
        co_await wf::wait_condition([this] { return goes_; });
        co_await wf::execute_activity<&traced>({.start_to_close_timeout = 30s});
        co_await wf::execute_child<&TracedChild::run>({});
        const auto shop = wf::nexus_client<TracedShop>(endpoint);
        const wf::NexusOperationOptions options{.schedule_to_close_timeout = 1min};
        const auto ordered = shop.execute<&TracedShop::order>(options);
        co_await ordered;
    }
    void go() { goes_ = true; }

private:
    bool goes_ = false;
};

}  // namespace conformance::tracing

HOURGLASS_WORKFLOW(conformance::tracing::Traced, run, signals(go));

namespace conformance::tracing {

void run(Row& row) {
    const auto traces = std::make_shared<Traces>();
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.client.interceptors = {traces};
    options.default_worker.task_queue = unique("traced");
    options.default_worker.nexus_services.add<TracedShop>();
    hg::WorkflowHistory history = [&] {
        hg::Application application{options};
        const auto& queue = options.default_worker.task_queue;
        const auto handle = application.client().start<&Traced::run>(
            {.id = unique("row"), .task_queue = queue},
            hg::test::make_nexus_endpoint(application.client(), queue)
        );
        handle.signal<&Traced::go>();
        handle.result();
        return handle.history();
    }();
    // The signal may come with the start or after it, and takes the number before or after the run.
    EXPECT_THAT(
        traces->spans->all(),
        ::testing::IsSupersetOf({"client starts Traced <- nothing", "client signals go <- nothing"})
    );
    EXPECT_THAT(
        traces->spans->all(),
        ::testing::IsSupersetOf<::testing::Matcher<std::string>>({
            ::testing::MatchesRegex("run Traced [12] <- client starts Traced"),
            ::testing::MatchesRegex("handle go [12] <- client signals go"),
            ::testing::MatchesRegex("schedule traced 3 <- run Traced [12]"),
            ::testing::Eq("execute traced <- schedule traced 3"),
            ::testing::MatchesRegex("start TracedChild 4 <- run Traced [12]"),
            ::testing::Eq("run TracedChild 1 <- start TracedChild 4"),
            ::testing::MatchesRegex("call order 5 <- run Traced [12]"),
            ::testing::Eq("handle order <- call order 5"),
            ::testing::Eq("client starts TracedOrder <- handle order"),
            ::testing::Eq("run TracedOrder 1 <- client starts TracedOrder"),
        })
    );
    EXPECT_EQ(traces->spans->all().size(), 12U);
    const auto replaying = std::make_shared<Traces>();
    hg::testing::Replayer replayer{{.interceptors = {replaying}}};
    row.replay_history(history, replayer);
    EXPECT_THAT(replaying->spans->all(), ::testing::IsEmpty()) << "a replay begins no span again";
}

const Registration kRow{
    {.path = "tracing",
     .checks = "spans go in headers from the client to workflows, activities, children and Nexus "
               "operations with the workflows behind them, and a replay repeats none",
     .run = run}
};

}  // namespace conformance::tracing
