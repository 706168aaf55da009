#include "tests/conformance/harness/row.hpp"
#include "tests/support/search_attributes.hpp"

#include <vector>

namespace conformance::search_upsert {

using hg::test::kCents;
using hg::test::kCustomer;
using hg::test::kTags;

class UpsertsTwice {
public:
    hg::Task<std::vector<std::string>> run() {
        wf::upsert_search_attributes({kCustomer.set("bob"), kTags.set({"c"})});
        std::vector<std::string> seen{state()};
        wf::upsert_search_attributes({kCents.set(7), kTags.unset()});
        seen.push_back(state());
        co_return seen;
    }

private:
    static std::string state() {
        const auto& attributes = wf::info().search_attributes;
        return attributes.get(kCustomer).value_or("-") + "/" +
               std::to_string(attributes.get(kCents).value_or(0)) + "/" +
               std::to_string(attributes.get(kTags).value_or(std::vector<std::string>{}).size());
    }
};

}  // namespace conformance::search_upsert

HOURGLASS_WORKFLOW(conformance::search_upsert::UpsertsTwice, run);

namespace conformance::search_upsert {

void run(Row& row) {
    hg::test::make_search_attributes(row.client());
    auto options = row.options();
    options.search_attributes = {kCustomer.set("ada"), kCents.set(5)};
    const auto handle = row.client().start<&UpsertsTwice::run>(options);
    EXPECT_THAT(handle.result(), ElementsAre("bob/5/1", "bob/7/0"));
    EXPECT_EQ(Events::of(handle).count("UpsertWorkflowSearchAttributes"), 2U);
    const auto attributes = handle.describe().search_attributes;
    EXPECT_EQ(attributes.get(kCustomer), "bob");
    EXPECT_EQ(attributes.get(kCents), 7);
    EXPECT_THAT(attributes.get(kTags).value_or(std::vector<std::string>{}), testing::IsEmpty())
        << "one that was removed is not there, or an empty list";
    row.replay(handle);
}

const Registration kRow{
    {.path = "search_attributes/upsert",
     .checks =
         "two changes of search attributes are merged, in the workflow and on the server; one "
         "of them is a removal",
     .run = run}
};

}  // namespace conformance::search_upsert
