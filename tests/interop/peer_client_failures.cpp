#include "peer_client.hpp"
#include "peer_failures.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace interop::peer {
namespace {

using namespace std::chrono_literals;

/// `"*"` is an id or a message that nobody knows before.
json with_wildcards(json seen, const json& wanted) {
    for (std::size_t index = 0; index < seen.size() && index < wanted.size(); ++index) {
        for (const char* key : {"id", "message"}) {
            if (wanted.at(index).value(key, "") == "*" && seen.at(index).contains(key)) {
                seen.at(index)[key] = "*";
            }
        }
    }
    return seen;
}

void expect_chain(const std::string& what, const json& seen, const json& wanted) {
    expect_equal(what, with_wildcards(seen, wanted), wanted);
}

json after(json layer, const json& causes) {
    json chain{std::move(layer)};
    chain.insert(chain.end(), causes.begin(), causes.end());
    return chain;
}

json after_activity(const std::string& name, const std::string& state, const json& causes) {
    return after(
        {{"kind", "activity"}, {"activity", name}, {"id", "*"}, {"retry_state", state}}, causes
    );
}

json after_child(const std::string& name, const std::string& state, const json& causes) {
    return after(
        {{"kind", "child"}, {"workflow", name}, {"id", "*"}, {"retry_state", state}}, causes
    );
}

json ended_with(const std::string& what, const hg::WorkflowHandle<>& workflow) {
    const auto failed =
        error_of<hg::WorkflowFailedError>(what, [&workflow] { workflow.result<void>(); });
    return described(failed.cause());
}

/// What a workflow of the peer sees of a failure here.
void expect_seen(
    const hg::Client& client, const std::string& what, const json& asked, const json& wanted
) {
    const auto seen = client.execute<json>("Call", options("call"), asked);
    expect_chain(what + ", as the peer sees it", seen, as_peer_sees(wanted));
}

/// The same, and what comes back from there.
void expect_call(
    const hg::Client& client, const std::string& what, json asked, const json& wanted
) {
    expect_seen(client, what, asked, wanted);
    asked["rethrow"] = true;
    const auto back = ended_with(what, client.start("Call", options("call"), asked));
    expect_chain(what + ", back from the peer", back, wanted);
}

json stopped(json details) {
    json layer{{"kind", "cancelled"}, {"message", "*"}};
    if (!details.empty()) {
        layer["details"] = std::move(details);
    }
    return json::array({layer});
}

json timed_out(const std::string& type, const json& details = json::array()) {
    json layer{{"kind", "timeout"}, {"message", "*"}, {"type", type}};
    if (!details.empty()) {
        layer["details"] = details;
    }
    return json::array({layer});
}

/// `notes` is what the child got before it was cancelled.
void expect_cancelled_child(
    const hg::Client& client, const std::string& what, const std::string& how, const json& notes
) {
    const json told = stopped(json::array({notes}));
    // Core, which Python's SDK has, too, leaves out the details for the parent.
    const json causes = peer_is_go() ? told : stopped(json::array());
    const json seen = after_child("Wait", "non_retryable_failure", causes);
    json asked{{"how", how}};
    expect_seen(client, what, asked, seen);
    const auto child = client.handle(options("call").id + "-child");
    expect_chain(what + ", by itself", ended_with(what, child), told);
    asked["rethrow"] = true;
    const auto back = ended_with(what, client.start("Call", options("call"), asked));
    // A workflow in Go that passes on what was cancelled ends as cancelled itself.
    expect_chain(what + ", back from the peer", back, peer_is_go() ? causes : seen);
}

}  // namespace

json failure_cases() {
    std::ifstream file{std::getenv("INTEROP_FAILURES")};
    return json::parse(file);
}

json as_peer_sees(json chain) {
    if (!peer_is_go()) {
        return chain;
    }
    for (json& layer : chain) {
        if (layer.at("kind") == "server") {
            layer.erase("non_retryable");
        } else if (layer.at("kind") == "terminated") {
            layer.erase("message");
        }
    }
    return chain;
}

void check_failures(const hg::Client& client) {
    for (const json& each : failure_cases()) {
        const std::string name = each.at("name");
        const json& chain = each.at("chain");
        const bool final = chain.at(0).value("non_retryable", false);
        const json activity{{"how", "activity"}, {"chain", chain}};
        const json after_one = after_activity(
            "fail", final ? "non_retryable_failure" : "maximum_attempts_reached", chain
        );
        const json child{{"how", "child"}, {"chain", chain}};
        const json after_other = after_child("Fail", "retry_policy_not_set", chain);
        if (peer_is_go() && each.value("cancels_go", false)) {
            // A workflow in Go with such a failure ends as cancelled, and all else is lost.
            expect_seen(client, "a C++ activity with " + name, activity, after_one);
            expect_seen(client, "a C++ child with " + name, child, after_other);
            continue;
        }
        const auto seen = ended_with(name, client.start("Fail", options("fail"), chain));
        expect_equal("a workflow that fails with " + name, seen, chain);
        expect_call(client, "a C++ activity with " + name, activity, after_one);
        expect_call(client, "a C++ child with " + name, child, after_other);
    }
}

void check_ends(const hg::Client& client) {
    auto waiting = client.start("Wait", options("wait"));
    waiting.signal("note", "one");
    waiting.cancel();
    // Python's SDK ends a cancelled workflow without its details.
    const json notes = peer_is_go() ? json::array({json::array({"one"})}) : json::array();
    expect_chain("cancellation", ended_with("Wait", waiting), stopped(notes));

    waiting = client.start("Wait", options("wait"));
    waiting.terminate("by hand");
    const json terminated{{{"kind", "terminated"}, {"message", "*"}}};
    expect_chain("termination", ended_with("Wait", waiting), terminated);

    const auto parent = client.start("Call", options("call"), json{{"how", "wait_for_child"}});
    client.handle(parent.update<std::string>("child_started")).terminate("by hand");
    expect_chain(
        "a C++ child that is terminated",
        parent.result<json>(),
        as_peer_sees(after_child("Wait", "non_retryable_failure", terminated))
    );

    // Seen only, because an activity learns of it at a heartbeat, of which there is one in four
    // seconds.
    expect_seen(
        client,
        "a C++ activity that is cancelled",
        {{"how", "cancel_activity"}},
        after_activity(
            "slow", peer_is_go() ? "non_retryable_failure" : "cancel_requested", stopped({3})
        )
    );
    expect_cancelled_child(client, "a C++ child that is cancelled", "cancel_child", json::array());
    expect_cancelled_child(
        client,
        "a C++ child that gets messages",
        "send_to_child",
        json::array({"from " + peer_name()})
    );
}

void check_timeouts(const hg::Client& client) {
    auto short_lived = options("wait");
    short_lived.run_timeout = 1s;
    expect_chain(
        "a workflow that takes too long",
        ended_with("Wait", client.start("Wait", short_lived)),
        timed_out("start_to_close")
    );
    expect_call(
        client,
        "a C++ child that takes too long",
        {{"how", "child_timeout"}},
        after_child("Wait", "retry_policy_not_set", timed_out("start_to_close"))
    );
    struct Case {
        std::string kind;
        std::string retry_state;
        json details = json::array();
    };
    for (const Case& each : std::vector<Case>{
             {"start_to_close", "maximum_attempts_reached"},
             {"heartbeat", "maximum_attempts_reached", {"beat", 1}},
             {"schedule_to_start", "timeout"},
             {"schedule_to_close", "timeout"}
         }) {
        expect_call(
            client,
            "a C++ activity that takes too long: " + each.kind,
            {{"how", each.kind}},
            after_activity("slow", each.retry_state, timed_out(each.kind, each.details))
        );
    }
}

}  // namespace interop::peer
