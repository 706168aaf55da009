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
    void send_signal(wf::SendSignalCall& call) override { write(call.headers); }
    void continue_as_new(wf::ContinueAsNewCall& call) override { write(call.headers); }
};
// [workflow]

// [both]
class Propagation final : public hg::ClientInterceptor, public hg::WorkerInterceptor {
public:
    hg::Future<hg::WorkflowRef> start_workflow(
        hg::StartWorkflowCall call,
        hg::Next<hg::StartWorkflowCall, hg::Future<hg::WorkflowRef>> next
    ) override {
        write(call.headers);
        return next(std::move(call));
    }
    hg::Future<void> signal_workflow(
        hg::SignalWorkflowCall call, hg::Next<hg::SignalWorkflowCall, hg::Future<void>> next
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

std::shared_ptr<hg::ClientInterceptor> propagation() {
    return std::make_shared<Propagation>();
}

}  // namespace tenancy
