// Search attributes, memo and continue-as-new against the dev server.
#include "tests/integration/workflow/fixture.hpp"
#include "tests/support/search_attributes.hpp"

#include <string>

namespace attributes {

using hg::test::kCents;
using hg::test::kCustomer;
using hg::test::kPaid;
using hg::test::kTags;

std::string say() {
    const auto& found = wf::info().search_attributes;
    std::string tags;
    for (const auto& tag : found.get(kTags).value_or(std::vector<std::string>{})) {
        tags += tag;
    }
    return found.get(kCustomer).value_or("nobody") + "/" + tags + "/" +
           std::to_string(found.get(kCents).value_or(0)) + "/" +
           (found.get(kPaid).value_or(false) ? "paid" : "open") + "/" +
           wf::memo<std::string>("note").value_or("no note");
}

class Upserts {
public:
    hg::Task<std::string> run() {
        std::string log = say();
        wf::upsert_search_attributes({kCustomer.set("bob"), kPaid.set(true), kTags.unset()});
        wf::upsert_memo({{"note", hg::to_payload("changed")}, {"old", hg::null_payload()}});
        log += " " + say();
        co_await wf::sleep(1ms);
        wf::upsert_search_attributes({kCents.set(7)});
        log += " " + say();
        co_return log;
    }
};

class Continues {
public:
    hg::Task<std::string> run(int count) {
        const auto& info = wf::info();
        co_await wf::sleep(1ms);
        if (count == 2) {
            wf::continue_as_new<&Continues::run>({}, 1);
        }
        if (count == 1) {
            wf::continue_as_new<&Continues::run>(
                {.run_timeout = 77s,
                 .task_timeout = 7s,
                 .retry_policy = hg::RetryPolicy{.maximum_attempts = 3},
                 .memo = {{"note", hg::to_payload("continued")}},
                 .search_attributes = {kCustomer.set("carol")},
                 .start_delay = 300ms},
                0
            );
        }
        co_return say() + " " + (info.continued_run_id.empty() ? "first" : "continued") + " " +
            std::to_string(info.run_timeout->count() / 1'000'000'000) + " " +
            std::to_string(info.task_timeout->count() / 1'000'000'000) + " " +
            std::to_string(info.retry_policy->maximum_attempts.value_or(0));
    }
};

/// What a run has that was continued without options.
class ContinuesAsItIs {
public:
    hg::Task<std::string> run(bool again) {
        if (again) {
            wf::continue_as_new<&ContinuesAsItIs::run>({}, false);
        }
        const auto& info = wf::info();
        co_return say() + " " + std::to_string(info.run_timeout->count() / 1'000'000'000) + " " +
            std::to_string(info.task_timeout->count() / 1'000'000'000);
    }
};

}  // namespace attributes

HOURGLASS_WORKFLOW(attributes::Upserts, run);
HOURGLASS_WORKFLOW(attributes::Continues, run);
HOURGLASS_WORKFLOW(attributes::ContinuesAsItIs, run);

namespace {

using hg::test::kCents;
using hg::test::kCustomer;
using hg::test::kTags;

class AttributesTest : public WorkflowTest {
protected:
    void SetUp() override {
        WorkflowTest::SetUp();
        hg::test::make_search_attributes(*client_);
    }

    [[nodiscard]] hg::StartOptions found_as_ada() const {
        auto options = start_options("attributes");
        options.run_timeout = 99s;
        options.task_timeout = 9s;
        options.memo = {{"note", hg::to_payload("hello")}, {"old", hg::to_payload(1)}};
        options.search_attributes = {kCustomer.set("ada"), kTags.set({"a", "b"}), kCents.set(5)};
        return options;
    }
};

TEST_P(AttributesTest, OfAWorkflowCanBeReadChangedAndFound) {
    const auto handle = client_->start<&attributes::Upserts::run>(found_as_ada());
    EXPECT_EQ(handle.result(), "ada/ab/5/open/hello bob//5/paid/changed bob//7/paid/changed");
    const auto memo = handle.describe().memo;
    EXPECT_EQ(hg::from_payload<std::string>(memo.at("note")), "changed");
    EXPECT_FALSE(memo.contains("old"));
    const auto found = [&](const std::string& query) {
        return eventually([&] {
            return client_->count_workflows("WorkflowId = '" + handle.id() + "' AND " + query)
                       .total == 1;
        });
    };
    EXPECT_TRUE(found("HgCustomer = 'bob' AND HgCents = 7 AND HgPaid = true"));
    EXPECT_TRUE(found("HgTags IS NULL"));
}

TEST_P(AttributesTest, AreHandedOnOrReplacedByContinueAsNew) {
    EXPECT_EQ(
        client_->execute<&attributes::ContinuesAsItIs::run>(found_as_ada(), true),
        "ada/ab/5/open/hello 99 9"
    );
    EXPECT_EQ(
        client_->execute<&attributes::Continues::run>(found_as_ada(), 2),
        "carol//0/open/continued continued 77 7 3"
    );
}

INSTANTIATE_TEST_SUITE_P(Replay, AttributesTest, with_and_without_cache(), cache_name);

}  // namespace
