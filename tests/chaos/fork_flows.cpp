#include "fork_flows.hpp"

#include "tests/support/forked.hpp"
#include "tests/support/test_server.hpp"

#include <chrono>
#include <unistd.h>

namespace chaos {

using namespace std::chrono_literals;
namespace wf = hg::workflow;

long ask_for_server() {
    return ::getppid();
}

hg::Task<long> AsksForItsServer::run() {
    const wf::ActivityOptions options{
        .start_to_close_timeout = 10s, .retry_policy = hg::RetryPolicy{.maximum_attempts = 3}
    };
    const long server = co_await wf::execute_activity<&ask_for_server>(options);
    co_return server;
}

Subject*& application_of_activities() {
    static Subject* subject = nullptr;
    return subject;
}

std::string fork_inside() {
    Subject& subject = *application_of_activities();
    std::string ends = hg::test::end_of(hg::test::forked([&subject] {
        const auto id = hg::test::unique("inside");
        return subject.start_order(id).result() == expected_result(id) ? 0 : 1;
    }));
    const pid_t returns = ::fork();
    if (returns == 0) {
        return "a result that nobody may see";
    }
    return ends + ", " + hg::test::end_of(returns);
}

hg::Task<std::string> ForksInside::run() {
    const wf::ActivityOptions options{
        .start_to_close_timeout = 60s, .retry_policy = hg::RetryPolicy{.maximum_attempts = 1}
    };
    std::string said = co_await wf::execute_activity<&fork_inside>(options);
    co_return said;
}

hg::Task<std::string> ForksInItsCode::run() {
    const pid_t returns = ::fork();
    if (returns == 0) {
        co_return "a result that nobody may see";
    }
    co_return hg::test::end_of(returns);
}

}  // namespace chaos
