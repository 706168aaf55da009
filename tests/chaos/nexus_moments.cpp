#include "kills.hpp"
#include "moments.hpp"
#include "tally.hpp"
#include "tests/support/nexus_endpoint.hpp"
#include "tests/support/test_server.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace chaos {
namespace {

using hg::test::unique;
using Call = hg::WorkflowHandle<&CallsNexus::run>;

/// A workflow that calls an operation of the subject's own, whose handler waits at the gate.
Call start_at_the_nexus_gate(const Subject& subject, const std::string& id) {
    static std::map<std::string, std::string> endpoints;  // by queue: each suite has a subject
    std::string& endpoint = endpoints[subject.queue()];
    if (endpoint.empty()) {
        endpoint = hg::test::make_nexus_endpoint(subject.client(), subject.queue());
    }
    nexus_gate().close();
    auto call = subject.client().start<&CallsNexus::run>(subject.start_options(id), endpoint, id);
    EXPECT_TRUE(nexus_gate().wait_for_arrivals(1));
    return call;
}

/// The request is answered after the healing, or the server asks again.
void node_with_a_request_in_hand(Subject& subject, const std::string& victim) {
    const auto id = unique("nexus");
    const auto call = start_at_the_nexus_gate(subject, id);
    Restarts expected = subject.restarts();
    kill_and_heal(subject, victim);
    expect_restarts_of(victim, expected);
    nexus_gate().open();
    expect_result(call, id + " handled");
    expect_restarts(subject, expected);
}

/// An executor's death is told to who asked, at once: they ask again.
void executor_with_a_request_in_hand(Subject& subject, const std::string& executors) {
    const Restarts restarts = subject.restarts();
    const int requests_before = nexus_requests();
    const auto id = unique("nexus-executor");
    const auto call = start_at_the_nexus_gate(subject, id);
    EXPECT_TRUE(died_of_it(Processes{subject, executors}.kill_one()));
    EXPECT_TRUE(nexus_gate().wait_for_arrivals(2)) << "nobody asks again";
    nexus_gate().open();
    expect_result(call, id + " handled");
    EXPECT_EQ(nexus_requests(), requests_before + 2);
    expect_restarts(subject, restarts);
}

}  // namespace

const std::map<std::string, Moment>& nexus_moments() {
    static const std::map<std::string, Moment> all{{"nexus_request", node_with_a_request_in_hand}};
    return all;
}

const std::map<std::string, Moment>& nexus_executor_moments() {
    static const std::map<std::string, Moment> all{{"work_in_hand", executor_with_a_request_in_hand}
    };
    return all;
}

}  // namespace chaos
