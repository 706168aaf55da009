#include "tests/conformance/harness/row.hpp"

#include <memory>

namespace conformance::update_client_interceptor {

class Updatable {
public:
    hg::Task<int> run() {
        co_await wf::wait_condition([this] { return given_ != 0; });
        co_return given_;
    }
    int give(int number) {
        given_ = number;
        return number;
    }

private:
    int given_ = 0;
};

}  // namespace conformance::update_client_interceptor

HOURGLASS_WORKFLOW(
    conformance::update_client_interceptor::Updatable,
    run,
    name("UpdateClientInterceptor"),
    updates(give)
);

namespace conformance::update_client_interceptor {

class AddsOne final : public hg::ClientInterceptor {
public:
    hg::Future<hg::WorkflowUpdateRef> update_workflow(
        hg::UpdateWorkflowCall call,
        hg::Next<hg::UpdateWorkflowCall, hg::Future<hg::WorkflowUpdateRef>> next
    ) override {
        hg::Payload& number = call.arguments.at(0);
        number = hg::to_payload(hg::from_payload<int>(number) + 1);
        return next(std::move(call));
    }
};

void run(Row& row) {
    const auto handle = row.start<&Updatable::run>();
    hg::ClientOptions options;
    options.address = hg::test::server_address();
    options.interceptors = {std::make_shared<AddsOne>()};
    const auto client = hg::Client::connect(options);
    EXPECT_EQ(client.handle<&Updatable::run>(handle.id()).update<&Updatable::give>(1), 2);
    EXPECT_EQ(handle.result(), 2);
    row.replay(handle);
}

const Registration kRow{
    {.path = "update/client_interceptor",
     .checks = "an interceptor of the client changes an update's argument, which it sees decoded",
     .run = run}
};

}  // namespace conformance::update_client_interceptor
