#include "peer_client.hpp"
#include "peer_failures.hpp"

#include <string>
#include <vector>

namespace interop::peer {
namespace {

using Names = std::vector<std::string>;

void check_queries(const hg::WorkflowHandle<>& greeter) {
    expect_equal("query", greeter.query<Names>("greeted"), Names{"ada", "bob"});
    const auto failed = error_of<hg::QueryFailedError>("a query that fails", [&greeter] {
        greeter.query<int>("stumble", "no answer today");
    });
    if (peer_is_go()) {
        const json wanted{
            {{"kind", "application"}, {"message", "no answer today"}, {"type", "QueryTrouble"}}
        };
        expect_equal("what the failed query says", described(failed.cause()), wanted);
    } else {
        // Core passes on the message only, and that is hidden where failures are encoded.
        const std::string text = failed.what();
        const std::string wanted =
            data_options().encode_failure_attributes ? "Encoded failure" : "no answer today";
        const bool said = text.find(wanted) != std::string::npos;
        expect_equal("that the failed query says " + wanted + ": " + text, said, true);
        expect_equal("nothing else is told of it", failed.cause() == nullptr, true);
    }
    error_of<hg::QueryFailedError>("an unknown query", [&greeter] {
        greeter.query<int>("unheard of");
    });
}

void check_failing_updates(const hg::WorkflowHandle<>& greeter) {
    const auto rejected = error_of<hg::UpdateFailedError>("a rejected update", [&greeter] {
        greeter.update<int>("finish", "");
    });
    const json wanted{
        {{"kind", "application"},
         {"message", "nobody has an empty name"},
         {"type", "BadName"},
         {"details", {"empty"}}}
    };
    expect_equal("what the validator says", described(rejected.cause()), wanted);
    for (const json& each : failure_cases()) {
        const json& chain = each.at("chain");
        const auto failed = error_of<hg::UpdateFailedError>("a failing update", [&] {
            greeter.update<void>("fail", chain);
        });
        const std::string name = each.at("name");
        expect_equal("an update that fails with " + name, described(failed.cause()), chain);
    }
    const auto unknown = error_of<hg::UpdateFailedError>("an unknown update", [&greeter] {
        greeter.update<int>("unheard of", "");
    });
    expect_equal("what is said of it", described(unknown.cause()).at(0).at("kind"), "application");
}

}  // namespace

void check_messages(const hg::Client& client) {
    const Parcel sent{"p1", 1.25, {"a"}, {}};
    const auto start = hg::with_start("Greeter", options("greeter"), sent);
    const auto greeter = client.signal_with_start(start, "greet", "ada");
    greeter.signal("greet", "bob");
    check_queries(greeter);
    check_failing_updates(greeter);

    const auto accepted =
        greeter.start_update<int>({.id = "the last"}, std::string{"finish"}, "eve");
    expect_equal("an accepted update's result", accepted.result(), 3);
    const auto found = greeter.update_handle<int>("the last");
    expect_equal("the same update by its id", found.result(), 3);

    const json result = greeter.result<json>();
    expect_equal("names", result.at("names"), Names{"ada", "bob", "eve"});
    expect_equal(
        "a C++ activity that the peer called",
        result.at("parcel"),
        {{"id", "p1"}, {"weight", 2.5}, {"tags", {"a", "cpp"}}, {"note", nullptr}}
    );

    const auto other = hg::with_start("Greeter", options("greeter-updated"), Parcel{});
    const auto both = client.update_with_start<int>(other, {}, std::string{"finish"}, "ada");
    expect_equal("update with start", both.update.result(), 1);
    expect_equal("its workflow", both.workflow.result<json>().at("names"), Names{"ada"});
}

}  // namespace interop::peer
