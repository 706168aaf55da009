#include "tests/conformance/harness/row.hpp"
#include "tests/support/connect_proxy.hpp"

namespace conformance::client_http_proxy_auth {

class GoesThrough {
public:
    hg::Task<std::string> run() { co_return "done"; }
};

}  // namespace conformance::client_http_proxy_auth

HOURGLASS_WORKFLOW(
    conformance::client_http_proxy_auth::GoesThrough, run, name("GoesThroughProxyWithPassword")
);

namespace conformance::client_http_proxy_auth {

void run(Row& row) {
    const hg::test::ConnectProxy proxy{"proxy-user", "proxy-pass"};
    hg::ApplicationOptions options;
    options.client.address = hg::test::server_address();
    options.client.http_proxy = hg::HttpProxyOptions{
        .address = proxy.address(), .user = "proxy-user", .password = "proxy-pass"
    };
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

    options.client.http_proxy->password = "wrong";
    options.client.rpc_timeout = 1s;
    EXPECT_THROW(static_cast<void>(hg::Client::connect(options.client)), hg::RpcError);
    EXPECT_EQ(proxy.tunnels().size(), 1U);
}

const Registration kRow{
    {.path = "client/http_proxy_auth",
     .checks = "the same with a user and a password, without which there is no tunnel",
     .run = run}
};

}  // namespace conformance::client_http_proxy_auth
