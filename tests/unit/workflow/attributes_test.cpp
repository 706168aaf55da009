#include "tests/unit/workflow/harness.hpp"

#include <map>
#include <string>
#include <vector>

namespace {
const auto kCustomer = hg::search_attribute::keyword("Customer");
const auto kCents = hg::search_attribute::integer("Cents");
}  // namespace

struct Findable {
    hg::Task<std::string> run() {
        std::string log = say();
        wf::upsert_search_attributes({kCustomer.set("bob"), kCents.set(7)});
        log += say();
        wf::upsert_search_attributes({kCustomer.unset()});
        log += say();
        co_return log;
    }
    static std::string say() {
        const auto& attributes = wf::info().search_attributes;
        return attributes.get(kCustomer).value_or("nobody") + " " +
               std::to_string(attributes.get(kCents).value_or(0)) + "; ";
    }
};
HOURGLASS_WORKFLOW(Findable, run)

TEST(SearchAttributes, of_a_workflow_are_read_changed_and_removed) {
    RunOf<Findable> run;
    Jobs jobs;
    jobs.start("Findable");
    hg::convert::to_proto(
        kCustomer.set("ada").value,
        &(*jobs.activation()
               .mutable_jobs(0)
               ->mutable_initialize_workflow()
               ->mutable_search_attributes()
               ->mutable_indexed_fields())["Customer"]
    );
    EXPECT_THAT(
        run.activate(jobs),
        ElementsAre(
            R"(upsert search attributes Cents=7 Customer="bob")",
            "upsert search attributes Customer=null",
            R"(complete "ada 0; bob 7; nobody 7; ")"
        )
    );
}

struct Remembers {
    hg::Task<std::string> run() {
        std::string log = say();
        wf::upsert_memo({{"customer", hg::to_payload("bob")}, {"cents", hg::to_payload(7)}});
        log += say();
        wf::upsert_memo({{"customer", hg::null_payload()}});
        log += say();
        co_return log;
    }
    static std::string say() {
        return wf::memo<std::string>("customer").value_or("nobody") + " " +
               std::to_string(wf::memo<int>("cents").value_or(0)) + "; ";
    }
};
HOURGLASS_WORKFLOW(Remembers, run)

TEST(Memo, of_a_workflow_is_read_changed_and_removed) {
    RunOf<Remembers> run;
    Jobs jobs;
    jobs.start("Remembers");
    hg::convert::to_proto(
        hg::to_payload("ada"),
        &(*jobs.activation()
               .mutable_jobs(0)
               ->mutable_initialize_workflow()
               ->mutable_memo()
               ->mutable_fields())["customer"]
    );
    EXPECT_THAT(
        run.activate(jobs),
        ElementsAre(
            R"(upsert memo cents=7 customer="bob")",
            "upsert memo customer=null",
            R"(complete "ada 0; bob 7; nobody 7; ")"
        )
    );
}

struct ChangesNothing {
    hg::Task<void> run(std::string what) {
        if (what == "memo") {
            wf::upsert_memo({});
        } else if (what == "attributes") {
            wf::upsert_search_attributes({});
        }
        co_await wf::sleep(1s);
    }
    int changing() const {
        wf::upsert_memo({{"x", hg::to_payload(1)}});
        return 1;
    }
};
HOURGLASS_WORKFLOW(ChangesNothing, run, queries(changing))

TEST(Memo, change_of_nothing_or_in_a_query_is_an_error) {
    RunOf<ChangesNothing> memo;
    EXPECT_THAT(memo.start("memo"), ElementsAre(HasSubstr("upsert_memo() was given nothing")));
    RunOf<ChangesNothing> attributes;
    EXPECT_THAT(
        attributes.start("attributes"),
        ElementsAre(HasSubstr("upsert_search_attributes() was given nothing"))
    );
    RunOf<ChangesNothing> query;
    query.start("none");
    EXPECT_THAT(
        query.activate(Jobs{}.query("changing")),
        ElementsAre(HasSubstr("query failed upsert_memo()"))
    );
}
