#include "tests/conformance/harness/row.hpp"
#include "tests/support/connect_proxy.hpp"

namespace conformance::client_http_proxy {

class GoesThrough {
public:
    hg::Task<std::string> run() { co_return "done"; }
};

}  // namespace conformance::client_http_proxy

HOURGLASS_WORKFLOW(conformance::client_http_proxy::GoesThrough, run, name("GoesThroughProxy"));

namespace conformance::client_http_proxy {

void run(Row& row) {
    const hg::test::ConnectProxy proxy;
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.client.http_proxy = hg::HttpProxyOptions{.address = proxy.address()};
    options.default_worker.task_queue = unique("proxied");
    hg::WorkflowHistory history = [&] {
        hg::Application application{options};
        const auto handle = application.client().start<&GoesThrough::run>(
            {.id = unique("row"), .task_queue = options.default_worker.task_queue}
        );
        EXPECT_EQ(handle.result(), "done");
        return handle.history();
    }();
    EXPECT_THAT(proxy.tunnels(), ElementsAre(hg::test::server_address()));
    row.replay_history(history);
}

const Registration kRow{
    {.path = "client/http_proxy",
     .checks = "client and worker reach the server through an HTTP proxy, by one tunnel in all",
     .run = run}
};

}  // namespace conformance::client_http_proxy
