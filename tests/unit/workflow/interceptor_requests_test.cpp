// Requests to cancel other workflows and upserts: what interceptors see of them, and change.
#include "hourglass/convert/failures.hpp"
#include "hourglass/workflow/interceptor.hpp"
#include "tests/unit/workflow/interceptors.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>

using hg::workflow::testing::made_by;

namespace {

const auto kCustomer = hg::search_attribute::keyword("Customer");
const auto kTenant = hg::search_attribute::keyword("Tenant");

/// Puts its name behind everything that leaves.
class Signs final : public wf::WorkflowInterceptor {
public:
    explicit Signs(std::string name) : name_{std::move(name)} {}

    void request_cancel(wf::RequestCancelCall& call) override {
        call.reason += " " + name_ + " of " + call.workflow_id + "/" + call.run_id;
    }
    void upsert_search_attributes(wf::UpsertSearchAttributesCall& call) override {
        call.updates.push_back(kTenant.set(name_));
    }
    void upsert_memo(wf::UpsertMemoCall& call) override {
        call.changes[name_] = hg::to_payload(call.changes.size());
    }

private:
    const std::string name_;
};

std::function<wf::Interceptors(const wf::WorkflowInfo&)> two_signs() {
    return made_by(
        [] { return std::make_unique<Signs>("A"); }, [] { return std::make_unique<Signs>("B"); }
    );
}

/// Throws at each of them, and counts.
class Refuses final : public wf::WorkflowInterceptor {
public:
    void request_cancel(wf::RequestCancelCall& /*call*/) override { refuse("cancel"); }
    void upsert_search_attributes(wf::UpsertSearchAttributesCall& /*call*/) override {
        refuse("attributes");
    }
    void upsert_memo(wf::UpsertMemoCall& /*call*/) override { refuse("memo"); }

private:
    [[noreturn]] static void refuse(const std::string& what) {
        throw hg::ApplicationError{"no " + what};
    }
};

std::string all_keys_of_memo() {
    std::string keys;
    for (const auto& [key, value] : wf::info().memo) {
        keys += key;
    }
    return keys;
}

void upsert_both() {
    wf::upsert_search_attributes({kCustomer.set("ada")});
    wf::upsert_memo({{"note", hg::to_payload("n")}});
}

}  // namespace

struct Requests {
    hg::Task<std::string> run() {
        const auto request = wf::external_workflow("other", "run-9").cancel("enough");
        upsert_both();
        co_await request;
        const auto tenant = wf::info().search_attributes.get(kTenant);
        co_return tenant.value_or("nobody") + " " + all_keys_of_memo();
    }
};
HOURGLASS_WORKFLOW(Requests, run)

struct RequestsInVain {
    hg::Task<std::string> run() {
        std::string said;
        try {
            static_cast<void>(wf::external_workflow("other").cancel());
        } catch (const hg::ApplicationError& error) {
            said += error.message();
        }
        try {
            wf::upsert_search_attributes({kCustomer.set("ada")});
        } catch (const hg::ApplicationError& error) {
            said += ", " + error.message();
        }
        try {
            wf::upsert_memo({{"note", hg::to_payload("n")}});
        } catch (const hg::ApplicationError& error) {
            said += ", " + error.message();
        }
        co_return said + (wf::info().memo.empty() ? "" : ", but the memo changed");
    }
};
HOURGLASS_WORKFLOW(RequestsInVain, run)

struct RequestsWhenCancelled {
    hg::Task<void> run() {
        try {
            co_await wf::sleep(1h);
        } catch (const hg::CancelledError&) {  // what follows is in a cancelled scope
        }
        static_cast<void>(wf::external_workflow("other").cancel("too late"));
        upsert_both();
    }
    int change() const {
        upsert_both();
        return 1;
    }
};
HOURGLASS_WORKFLOW(RequestsWhenCancelled, run, queries(change))

namespace {

int seen_at_the_end = 0;

class CountsUpserts final : public wf::WorkflowInterceptor {
public:
    void upsert_memo(wf::UpsertMemoCall& /*call*/) override { ++seen_at_the_end; }
    void request_cancel(wf::RequestCancelCall& /*call*/) override { ++seen_at_the_end; }
};

struct UpsertsAtItsEnd {
    ~UpsertsAtItsEnd() {
        wf::upsert_memo({{"note", hg::to_payload("n")}});
        static_cast<void>(wf::external_workflow("other").cancel());
    }
};

}  // namespace

struct EndsWithRequests {
    hg::Task<void> run() {
        const UpsertsAtItsEnd frame;
        co_await wf::sleep(1h);
    }
};
HOURGLASS_WORKFLOW(EndsWithRequests, run)

TEST(InterceptedRequests, are_changed_before_they_become_commands_and_the_workflow_sees_that) {
    RunOf<Requests> run{two_signs()};
    EXPECT_THAT(
        run.start(),
        ElementsAre(
            "request_cancel 1 default/other/run-9 'enough B of other/run-9 A of other/run-9'",
            R"(upsert search attributes Customer="ada" Tenant="A")",
            R"(upsert memo A=2 B=1 note="n")"
        )
    );
    EXPECT_THAT(run.activate(Jobs{}.cancel_requested(1)), ElementsAre(R"(complete "A ABnote")"));
}

TEST(InterceptedRequests, that_an_interceptor_refuses_are_no_commands) {
    RunOf<RequestsInVain> run{made_by([] { return std::make_unique<Refuses>(); })};
    EXPECT_THAT(run.start(), ElementsAre(R"(complete "no cancel, no attributes, no memo")"));
}

TEST(InterceptedRequests, of_a_cancelled_scope_are_seen_if_something_becomes_of_them) {
    RunOf<RequestsWhenCancelled> run{two_signs()};
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.cancel()),
        ElementsAre(
            "cancel_timer 1",
            R"(upsert search attributes Customer="ada" Tenant="A")",
            R"(upsert memo A=2 B=1 note="n")",
            HasSubstr("complete")
        )
    );
}

TEST(InterceptedRequests, of_a_query_are_not_seen) {
    RunOf<RequestsWhenCancelled> run{made_by([] { return std::make_unique<Refuses>(); })};
    run.start();
    EXPECT_THAT(
        run.activate(Jobs{}.query("change")), ElementsAre(HasSubstr("which may only read"))
    );
}

TEST(InterceptedRequests, of_destructors_at_the_end_of_the_run_are_not_seen) {
    seen_at_the_end = 0;
    RunOf<EndsWithRequests> run{made_by([] { return std::make_unique<CountsUpserts>(); })};
    run.start();
    run.activate(Jobs{}.evict());
    EXPECT_EQ(run.state(), wf::RunState::Evicted);
    EXPECT_EQ(seen_at_the_end, 0);
}
