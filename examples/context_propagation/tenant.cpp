#include "tenant.hpp"

#include <memory>
#include <string>
#include <utility>

namespace hg = hourglass;
namespace wf = hourglass::workflow;

namespace tenancy {
namespace {

constexpr const char* kHeader = "tenant";

thread_local std::string tenant_of_thread;

// [read]
std::string read(const hg::Headers& headers) {
    const auto found = headers.find(kHeader);
    return found == headers.end() ? std::string{} : hg::from_payload<std::string>(found->second);
}

void write(hg::Headers& headers) {
    if (const std::string tenant = current_tenant(); !tenant.empty()) {
        headers[kHeader] = hg::to_payload(tenant);
    }
}
// [read]

// [workflow]
/// What a workflow asks for is asked for the workflow's own tenant.
class InWorkflow final : public wf::WorkflowInterceptor {
public:
    void schedule_activity(wf::ScheduleActivityCall& call) override { write(call.headers); }
    void schedule_local_activity(wf::ScheduleLocalActivityCall& call) override {
        write(call.headers);
    }
    void start_child(wf::StartChildCall& call) override { write(call.headers); }
    void continue_as_new(wf::ContinueAsNewCall& call) override { write(call.headers); }
};
// [workflow]

// [both]
class TenantHeader final : public Propagation {
public:
    // Each kind of start has a hook of its own: what is not here starts without a tenant.
    hg::Future<hg::WorkflowRef> start_workflow(
        hg::StartWorkflowCall call,
        hg::Next<hg::StartWorkflowCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        write(call.headers);
        return next(std::move(call));
    }
    hg::Future<hg::WorkflowRef> signal_with_start(
        hg::SignalWithStartCall call,
        hg::Next<hg::SignalWithStartCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        write(call.start.headers);
        return next(std::move(call));
    }
    hg::Future<hg::StartedWithUpdate> update_with_start(
        hg::UpdateWithStartCall call,
        hg::Next<hg::UpdateWithStartCall, hg::Future<hg::StartedWithUpdate>> next
    ) override {
        write(call.start.headers);
        return next(std::move(call));
    }
    hg::Future<void> create_schedule(
        hg::CreateScheduleCall call, hg::Next<hg::CreateScheduleCall, hg::Future<void>> next
    ) override {
        write(call.schedule.action.headers);
        return next(std::move(call));
    }
    hg::Future<hg::StandaloneActivityRef> start_activity(
        hg::StartActivityCall call,
        hg::Next<hg::StartActivityCall, hg::Future<hg::StandaloneActivityRef>> next
    ) override {
        write(call.headers);
        return next(std::move(call));
    }

    std::unique_ptr<wf::WorkflowInterceptor> workflow(const wf::WorkflowInfo& /*info*/) override {
        return std::make_unique<InWorkflow>();
    }
};
// [both]

}  // namespace

// [current]
std::string current_tenant() {
    if (hg::activity::in_activity()) {
        return read(hg::activity::info().headers);
    }
    if (wf::in_workflow()) {
        return read(wf::info().headers);
    }
    return tenant_of_thread;
}
// [current]

ForTenant::ForTenant(std::string tenant)
    : previous_{std::exchange(tenant_of_thread, std::move(tenant))} {}

ForTenant::~ForTenant() {
    tenant_of_thread = std::move(previous_);
}

std::shared_ptr<Propagation> propagation() {
    return std::make_shared<TenantHeader>();
}

}  // namespace tenancy
